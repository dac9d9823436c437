import { type Counted, outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { UNKNOWN_OPERATION } from './half.ts';
import { IS_PLACING } from './partition-tables.ts';
import { listPartitions, perPartition } from './partitions.ts';
import { foldScanned, scanOne } from './scan.ts';

export interface CountedExchange {
  readonly link: number;
  readonly operation: number;
  readonly start: number;
  readonly counted: Counted;
}

/**
 * What the facts say is to be counted of the exchanges that began in [from, to), in time order. The oracle of cells and
 * rollups. Reads the deciding half alone; where the other half has a say (a lost client, an operation that only the server
 * could read), the exchange is folded whole. `between` is called between pages.
 */
export function* countedSince(
  database: Database,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
  between: () => void = () => {},
): Generator<CountedExchange> {
  const partitionsIn = listPartitions(database);
  const pages = perPartition((number) =>
    database.prepare<[number, number, number, number, number], Row>(selectFrom(number)),
  );
  const one = scanOne(database);
  let [time, seq] = [from, -1];
  /** Stretches that ended at or before it are read. */
  let behind = from;
  for (;;) {
    const [partition] = partitionsIn(Math.max(time, behind), to);
    if (partition === undefined) return;
    const rows = pages(partition.number).all(time, to, time, seq, PAGE);
    for (const row of rows) {
      const outcome = outcomeOf(row.outcome);
      const isWhole =
        row.server_seq !== null && (row.operation === UNKNOWN_OPERATION || (outcome === null && row.lost));
      if (isWhole) {
        const scanned = one(row.time, row.seq);
        const { start, counted } = foldScanned(scanned);
        if (counted !== null) yield { link: row.link, operation: scanned.operation, start, counted };
      } else if (outcome !== null && outcome !== 'attempt') {
        const { link, operation, time: start } = row;
        const { request_bytes: requestBytes, reply_bytes: replyBytes } = row;
        const counted = { outcome, durationMicros: row.end_offset ?? 0, requestBytes, replyBytes };
        yield { link, operation, start, counted };
      }
    }
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < PAGE) behind = partition.to;
    else [time, seq] = [last.time, last.seq];
    between();
  }
}

const PAGE = 2_000;

interface Row {
  readonly time: number;
  readonly seq: number;
  readonly link: number;
  readonly operation: number;
  readonly outcome: number | null;
  readonly end_offset: number | null;
  readonly request_bytes: number;
  readonly reply_bytes: number;
  readonly lost: number;
  /** Of the half that does not decide; null for none. */
  readonly server_seq: number | null;
}

const selectFrom = (number: number): string => `
  SELECT o.time, o.seq, o.link, c.operation, o.outcome, o.end_offset, o.request_bytes, o.reply_bytes, o.lost,
    CASE o.role WHEN 1 THEN o.partner_seq END AS server_seq
  FROM observation_${number} o CROSS JOIN call c ON c.number = o.call
  WHERE o.time >= ? AND o.time < ? AND (o.time, o.seq) > (?, ?) AND ${IS_PLACING} AND o.link IS NOT NULL
  ORDER BY o.time, o.seq LIMIT ?`;
