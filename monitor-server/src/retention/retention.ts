import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** How long what is kept, days, and how much. */
export interface Kept {
  readonly keepDays: number;
  readonly keepBodiesDays: number;
  readonly keepRollupsDays: number;
  /** 0: no limit. */
  readonly maxSizeGib: number;
}

/** Drops what is older than it is kept, or too much, a little at a time: shortly after the start, and then minutely. */
export interface Retention {
  close(): void;
}

const FIRST_MILLIS = 30_000;
/** A stretch more or less for a minute: a store at its limit of size grows no further than that. */
const INTERVAL_MILLIS = 60_000;
const DAY_MICROS = 24 * 3_600 * 1_000_000;
const GIB = 2 ** 30;

export function createRetention(parts: {
  readonly store: Pick<Store, 'forget'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly kept: Kept;
}): Retention {
  const { store, clock, log, kept } = parts;
  let closed = false;
  let cancel = clock.after(FIRST_MILLIS, run);

  function run(): void {
    const before = (days: number): number => clock.now() - days * DAY_MICROS;
    const limits = {
      bodiesBefore: before(kept.keepBodiesDays),
      rollupsBefore: before(kept.keepRollupsDays),
      bytesMax: kept.maxSizeGib === 0 ? null : kept.maxSizeGib * GIB,
    };
    store.forget(before(kept.keepDays), limits).then(
      ({ expired }) => {
        if (expired > 0) log.info({ expired }, 'forgot what is older than it is kept');
        next();
      },
      (error: unknown) => {
        log.error({ err: error }, 'the store could not forget what is older than it is kept');
        next();
      },
    );
  }

  function next(): void {
    if (!closed) cancel = clock.after(INTERVAL_MILLIS, run);
  }

  return {
    close() {
      closed = true;
      cancel();
    },
  };
}
