import { type Attempt, outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Catalogue } from './catalogue.ts';

/** Rounds told of one exchange, at most. */
const ATTEMPTS_MAX = 32;

/**
 * The HTTP rounds that carried the same message before this one, oldest first. A round names the one in which its message
 * went on: the next or the last, so they are followed back from the last.
 */
export function createAttemptReader(database: Database, catalogue: Catalogue): AttemptsOf {
  const select = database.prepare<[number, number, number], AttemptRow>(
    `SELECT o.time, o.exchange, o.exchange_no, o.end_offset, o.status, o.outcome, o.call
     FROM attempt a JOIN observation o ON o.time = a.time AND o.seq = a.seq
     WHERE a.process = ? AND a.of = ? ORDER BY a.time, a.seq LIMIT ?`,
  );
  return ({ process, exchange_no }) => {
    const found = new Map<number, AttemptRow>();
    const open = [exchange_no];
    for (const of of open) {
      for (const row of select.all(process, of, ATTEMPTS_MAX)) {
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
          id: String(row.exchange),
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
export type AttemptsOf = (client: { readonly process: number; readonly exchange_no: number }) => readonly Attempt[];

interface AttemptRow {
  readonly time: number;
  readonly exchange: number;
  readonly exchange_no: number;
  readonly end_offset: number | null;
  readonly status: number;
  readonly outcome: number | null;
  readonly call: number;
}
