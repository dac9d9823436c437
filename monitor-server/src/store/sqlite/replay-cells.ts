import { bucketOf, type CellCounts, isError, OUTCOMES, outcomeCode } from '@soa-monitor/protocol';
import type { ReplayRows } from './replay-rows.ts';

/** Takes the exact counts of one link in one second; the histogram in its flat form. */
export type TakeCell = (link: number, second: number, counts: CellCounts, histogram: readonly number[]) => void;

/** Folds rows that come in the order of time into cells, as `countExchange` does: only one second is in memory. */
export interface ReplayCells {
  count(rows: ReplayRows, at: number): void;
  /** Gives the last second's cells. */
  finish(): void;
}

export const SECOND_MICROS = 1_000_000;

interface Cell {
  count: number;
  faults: number;
  errors: number;
  requestBytes: number;
  replyBytes: number;
  /** Of each exchange: a list is less work than a map where most cells hold one or two. */
  readonly buckets: number[];
}

const FAULT = outcomeCode('fault');
const IS_ERROR: readonly boolean[] = OUTCOMES.map(isError);

export function createReplayCells(take: TakeCell): ReplayCells {
  const cells = new Map<number, Cell>();
  let second = Number.NEGATIVE_INFINITY;
  const finish = (): void => {
    for (const [link, cell] of cells) take(link, second, cell, flatHistogram(cell.buckets));
    cells.clear();
  };
  return {
    count(rows, at) {
      if (rows.isCounted[at] === 0) return;
      const of = Math.floor((rows.time[at] ?? 0) / SECOND_MICROS);
      if (of !== second) finish();
      second = of;
      const link = rows.link[at] ?? 0;
      let cell = cells.get(link);
      if (cell === undefined) {
        cell = { count: 0, faults: 0, errors: 0, requestBytes: 0, replyBytes: 0, buckets: [] };
        cells.set(link, cell);
      }
      const outcome = rows.outcome[at] ?? 0;
      cell.count++;
      if (outcome === FAULT) cell.faults++;
      if (IS_ERROR[outcome]) cell.errors++;
      cell.requestBytes += rows.requestBytes[at] ?? 0;
      cell.replyBytes += rows.replyBytes[at] ?? 0;
      cell.buckets.push(bucketOf(rows.duration[at] ?? 0));
    },
    finish,
  };
}

/** Bucket, count, bucket, count … in the order of the buckets. */
function flatHistogram(buckets: number[]): readonly number[] {
  if (buckets.length > 1) buckets.sort((a, b) => a - b);
  const pairs: number[] = [];
  let last = -1;
  for (const bucket of buckets) {
    if (bucket !== last) pairs.push(bucket, 0);
    last = bucket;
    pairs[pairs.length - 1] = (pairs[pairs.length - 1] ?? 0) + 1;
  }
  return pairs;
}
