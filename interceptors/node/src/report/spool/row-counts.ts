import type { Counters } from '@soa-monitor/protocol';
import type { RowCounts } from '../row-queue.ts';

/** The rows of one reporter that went to disk: handed = acknowledged + refused + inTransit + queued + all dropped. */
export interface BacklogCounts {
  readonly handed: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly inTransit: number;
  readonly queued: number;
  readonly dropped: { readonly [reason: string]: number };
}

/** For the queue, what it handed to the disk was settled as acknowledged: here it counts as what became of it. */
export function countsWith(queue: RowCounts, backlog: BacklogCounts): RowCounts {
  return {
    observed: queue.observed,
    acknowledged: queue.acknowledged - backlog.handed + backlog.acknowledged,
    refused: queue.refused + backlog.refused,
    inTransit: queue.inTransit + backlog.inTransit,
    queued: queue.queued + backlog.queued,
    dropped: sumOfDrops(queue.dropped, backlog.dropped),
  };
}

/** As a report says it that carries so many of the rows: the others wait, wherever they are just now. */
export function countsOfReport(counts: RowCounts, rows: number): RowCounts {
  return { ...counts, inTransit: rows, queued: counts.inTransit + counts.queued - rows };
}

/** Without reasons that come to nothing. */
export function sumOfDrops(one: RowCounts['dropped'], other: RowCounts['dropped']): RowCounts['dropped'] {
  const sum: { [reason: string]: number } = { ...one };
  for (const [reason, count] of Object.entries(other)) {
    const both = (sum[reason] ?? 0) + count;
    if (both === 0) delete sum[reason];
    else sum[reason] = both;
  }
  return sum;
}

/**
 * Where a process stood that ended without a word, and of which `handed` rows are on disk. What it had observed and is
 * nowhere was lost with it. It may have observed more since it last said so: those rows are a gap in the numbers, and nothing
 * can be said of them.
 */
export function countsAfterDeath(last: Counters, handed: number): RowCounts {
  const told = last.acknowledged + last.refused + total(last.dropped) + handed;
  const lost = Math.max(0, last.observed - told);
  return {
    observed: told + lost,
    // As countsWith() wants it.
    acknowledged: last.acknowledged + handed,
    refused: last.refused,
    inTransit: 0,
    queued: 0,
    dropped: lost === 0 ? last.dropped : sumOfDrops(last.dropped, { lostWithProcess: lost }),
  };
}

const total = (dropped: RowCounts['dropped']): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);
