import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** Drops what is older than it is kept, a little at a time: shortly after the start, and then ten-minutely. */
export interface Retention {
  close(): void;
}

const FIRST_MILLIS = 30_000;
const INTERVAL_MILLIS = 600_000;

export function createRetention(parts: {
  readonly store: Pick<Store, 'forget'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly keepMicros: number;
}): Retention {
  const { store, clock, log, keepMicros } = parts;
  let closed = false;
  let cancel = clock.after(FIRST_MILLIS, run);

  function run(): void {
    store.forget(clock.now() - keepMicros).then(
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
