import { type Attempt, outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Catalogue } from './catalogue.ts';
import { idOf } from './exchange-key.ts';
import { firstKeyOf } from './observation-row.ts';
import { HOUR_MICROS, listPartitions } from './partitions.ts';

/** Rounds told of one exchange, at most. */
const ATTEMPTS_MAX = 32;
/** The rounds of one message began so long before the last, at most; after it only by a clock that was set. */
const BEFORE_MICROS = HOUR_MICROS;
const AFTER_MICROS = 60_000_000;

/**
 * The HTTP rounds that carried the same message before this one, oldest first. A round names the one in which its message
 * went on: the next or the last, so they are followed back from the last.
 */
export function createAttemptReader(database: Database, catalogue: Catalogue): AttemptsOf {
  const partitionsIn = listPartitions(database);
  const selectFrom = (number: number) =>
    database.prepare<[number, number, number], AttemptRow>(
      `SELECT o.time, o.seq, o.partner_after, o.partner_seq, o.exchange_no, o.end_offset, o.status, o.outcome, o.call
       FROM attempt_${number} a JOIN observation_${number} o ON o.time = a.time AND o.seq = a.seq
       WHERE a.process = ? AND a.of = ? ORDER BY a.time, a.seq LIMIT ?`,
    );
  return ({ process, exchange_no, time }) => {
    const found = new Map<number, AttemptRow>();
    const statements = partitionsIn(time - BEFORE_MICROS, time + AFTER_MICROS).map(({ number }) => selectFrom(number));
    const open = [exchange_no];
    for (const of of open) {
      for (const row of statements.flatMap((select) => select.all(process, of, ATTEMPTS_MAX))) {
        if (found.has(row.exchange_no) || found.size >= ATTEMPTS_MAX) continue;
        found.set(row.exchange_no, row);
        open.push(row.exchange_no);
      }
    }
    return [...found.values()]
      .sort((a, b) => a.time - b.time || a.exchange_no - b.exchange_no)
      .map((row) => {
        const { call } = catalogue.call(row.call);
        return {
          id: idOf(firstKeyOf(row)),
          start: row.time,
          durationMicros: row.end_offset,
          status: row.status,
          outcome: outcomeOf(row.outcome),
          address: call.address ?? '',
          path: call.path,
        };
      });
  };
}

/** By the client's half of the exchange. */
export type AttemptsOf = (client: {
  readonly process: number;
  readonly exchange_no: number;
  readonly time: number;
}) => readonly Attempt[];

interface AttemptRow {
  readonly time: number;
  readonly seq: number;
  readonly partner_after: number | null;
  readonly partner_seq: number | null;
  readonly exchange_no: number;
  readonly end_offset: number | null;
  readonly status: number;
  readonly outcome: number | null;
  readonly call: number;
}
