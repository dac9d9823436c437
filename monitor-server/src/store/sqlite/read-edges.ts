import { bucketOf, type Explain, isError, OUTCOMES, outcomeCode } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { countBucket } from './dense-figures.ts';
import type { Folding, Into } from './read-figures.ts';
import { scanForCounts } from './scan-replay.ts';

interface Edge {
  readonly folding: Pick<Folding, 'links' | 'operation'>;
  readonly from: number;
  readonly to: number;
  /** 1: added, −1: taken out. */
  readonly sign: 1 | -1;
  /** Whether tiers tell the rest of the window. */
  readonly isPart: boolean;
  readonly factsSince: number;
}

/** Exchanges read for one ragged edge, at most: some 0.1 s. An edge that has more is left out, and said to be. */
const EDGE_EXCHANGES_MAX = 50_000;
/** Exchanges read where there is no tier that fits: some 2 s. */
const EXCHANGES_MAX = 1_000_000;
const CALLS_KEPT_MAX = 100_000;
const FAULT = outcomeCode('fault');
const IS_ERROR: readonly boolean[] = OUTCOMES.map(isError);

/** What the tiers cannot tell: stretches that are no whole minutes, folded from the facts. Gives how many exchanges it read. */
export function createEdgeReader(database: Database) {
  const operationsOf = database.prepare<[number], number>('SELECT operation FROM call WHERE number = ?').pluck();
  const operations = new Map<number, number>();
  const scan = scanForCounts(database, (call) => {
    const known = operations.get(call) ?? operationsOf.get(call) ?? 0;
    if (operations.size >= CALLS_KEPT_MAX) operations.clear();
    operations.set(call, known);
    return known;
  });
  const sum = database
    .prepare<[number, number], number>(
      'SELECT coalesce(sum(count), 0) FROM rollup_total WHERE seconds = 1 AND bucket >= ? AND bucket < ?',
    )
    .pluck();
  /** How many exchanges began there, of all links, to the second: by what an answer is inexact that leaves them out. */
  const countBetween = (from: number, to: number): number =>
    sum.get(Math.floor(from / 1_000_000), Math.ceil(to / 1_000_000)) ?? 0;

  return (
    { folding, from, to, sign, isPart, factsSince }: Edge,
    renew: () => void,
    into: Into,
  ): { readonly rows: number; readonly partial: Explain['partial'][number] | null } => {
    const expected = countBetween(from, to);
    if (from < factsSince) return { rows: 0, partial: { reason: 'expired', before: factsSince, exchanges: expected } };
    if (expected > (isPart ? EDGE_EXCHANGES_MAX : EXCHANGES_MAX))
      return { rows: 0, partial: { reason: 'cut', before: null, exchanges: expected } };
    const links = folding.links === null ? null : new Set(folding.links);
    let read = 0;
    for (const rows of scan.within({ from, to, between: renew })) {
      for (let row = 0; row < rows.count; row++) {
        if (rows.isCounted[row] === 0) continue;
        read++;
        const [link, operation] = [rows.link[row] ?? 0, rows.operation[row] ?? 0];
        if (links !== null && !links.has(link)) continue;
        if (folding.operation !== null && operation !== folding.operation) continue;
        const figures = into(link, operation, rows.time[row] ?? 0);
        if (figures === null) continue;
        const outcome = rows.outcome[row] ?? 0;
        figures.count += sign;
        if (outcome === FAULT) figures.faults += sign;
        if (IS_ERROR[outcome]) figures.errors += sign;
        figures.requestBytes += sign * (rows.requestBytes[row] ?? 0);
        figures.replyBytes += sign * (rows.replyBytes[row] ?? 0);
        countBucket(figures, bucketOf(rows.duration[row] ?? 0), sign);
      }
    }
    return { rows: read, partial: null };
  };
}
