import type { RowCounts } from '../row-queue.ts';
import { sumOfDrops } from './row-counts.ts';

type Settled = Pick<RowCounts, 'acknowledged' | 'refused' | 'dropped'>;

/** Counts what became of rows. */
export interface Tally {
  settle(acknowledged: number, refused: number): void;
  drop(reason: string, rows: number): void;
  add(other: Tally): void;
  counts(): Settled;
}

export function createTally(): Tally {
  let acknowledged = 0;
  let refused = 0;
  let dropped: RowCounts['dropped'] = {};
  return {
    settle: (acknowledgedNow, refusedNow) => {
      acknowledged += acknowledgedNow;
      refused += refusedNow;
    },
    drop: (reason, rows) => {
      if (rows > 0) dropped = sumOfDrops(dropped, { [reason]: rows });
    },
    add: (other) => {
      const more = other.counts();
      acknowledged += more.acknowledged;
      refused += more.refused;
      dropped = sumOfDrops(dropped, more.dropped);
    },
    counts: () => ({ acknowledged, refused, dropped }),
  };
}
