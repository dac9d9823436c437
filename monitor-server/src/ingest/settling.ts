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
/** A timer that is so late was not late: the clock was set forward, or the machine halted, and reporters were not heard. */
const SET_FORWARD_MICROS = 30_000_000;

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
  /** When it is to run, by the clock as it was. */
  let dueAt = 0;
  let isSetForward = false;
  let cancel = schedule(IDLE_MILLIS);

  function run(): void {
    isRunning = true;
    isSoon = false;
    const now = clock.now();
    isSetForward ||= now > dueAt + SET_FORWARD_MICROS;
    store.settle(now, pace.waitMicros(), SILENT_MICROS, isSetForward).then(
      ({ waiting }) => {
        isSetForward = false;
        next(waiting > 0 || isSoon);
      },
      (error: unknown) => {
        log.error({ err: error }, 'the store could not settle waiting halves');
        next(false);
      },
    );
  }

  function schedule(millis: number): () => void {
    dueAt = clock.now() + millis * 1_000;
    return clock.after(millis, run);
  }

  function next(soon: boolean): void {
    isRunning = false;
    isSoon = soon;
    if (!closed) cancel = schedule(soon ? BUSY_MILLIS : IDLE_MILLIS);
  }

  return {
    appended() {
      if (isSoon || closed) return;
      isSoon = true;
      if (isRunning) return;
      cancel();
      cancel = schedule(BUSY_MILLIS);
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
