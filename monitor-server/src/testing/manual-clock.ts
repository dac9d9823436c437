import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, running what falls due in its order; what that starts has a few turns to go on. */
  advance(millis: number): Promise<void>;
  timers(): number;
}

export function createManualClock(start = 1_760_000_000_000_000): ManualClock {
  let now = start;
  let serial = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await nextTurn();
  };
  return {
    now: () => now,
    after(millis, run) {
      const id = ++serial;
      timers.set(id, { at: now + millis * 1_000, run });
      return () => void timers.delete(id);
    },
    timers: () => timers.size,
    async advance(millis) {
      const until = now + millis * 1_000;
      await turns();
      for (;;) {
        const due = [...timers]
          .filter(([, timer]) => timer.at <= until)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
        await turns();
      }
      now = until;
    },
  };
}
