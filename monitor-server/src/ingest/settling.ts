import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { ReportPace } from './report-pace.ts';

/** Drives `store.settle`: every 50 ms while a half waits, else now and then for what its reporter left in flight. */
export interface Settling {
  /** Something was stored that may wait. */
  appended(): void;
  close(): void;
}

const BUSY_MILLIS = 50;
const IDLE_MILLIS = 5_000;
const SILENT_MICROS = 60_000_000;

export function createSettling(parts: {
  readonly store: Pick<Store, 'settle'>;
  readonly clock: Clock;
  readonly pace: ReportPace;
  readonly log: Log;
}): Settling {
  const { store, clock, pace, log } = parts;
  let closed = false;
  let isSoon = false;
  let isRunning = false;
  let cancel = clock.after(IDLE_MILLIS, run);

  function run(): void {
    isRunning = true;
    isSoon = false;
    store.settle(clock.now(), pace.waitMicros(), SILENT_MICROS).then(
      ({ waiting }) => next(waiting > 0 || isSoon),
      (error: unknown) => {
        log.error({ err: error }, 'the store could not settle waiting halves');
        next(false);
      },
    );
  }

  function next(soon: boolean): void {
    isRunning = false;
    isSoon = soon;
    if (!closed) cancel = clock.after(soon ? BUSY_MILLIS : IDLE_MILLIS, run);
  }

  return {
    appended() {
      if (isSoon || closed) return;
      isSoon = true;
      if (isRunning) return;
      cancel();
      cancel = clock.after(BUSY_MILLIS, run);
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
