import type { Random } from './random.ts';

export type Arrivals = { readonly done: Promise<void>; stop(): void };

/** A service that hangs must not gather calls without end: at this many in flight the next waits for one to return. */
const IN_FLIGHT_MAX = 500;

/**
 * Does `act` at random moments, on average `perSecond` times a second (exponential gaps), `calls` times in all. Moments
 * that the clock has passed are made up for at once, so the rate holds where timers are coarse. Done when the last
 * has returned.
 */
export function runArrivals(
  { perSecond, calls }: { readonly perSecond: number; readonly calls: number },
  { random, now }: { readonly random: Random; readonly now: () => number },
  act: () => Promise<void>,
): Arrivals {
  let left = calls;
  let inFlight = 0;
  let nextAt = now();
  let timer: NodeJS.Timeout | undefined;
  let finish: () => void;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });

  function arrive(): void {
    timer = undefined;
    while (left > 0 && inFlight < IN_FLIGHT_MAX && nextAt <= now()) {
      left -= 1;
      inFlight += 1;
      nextAt += (-Math.log(1 - random()) / perSecond) * 1_000;
      void act().finally(returned);
    }
    if (left > 0 && inFlight < IN_FLIGHT_MAX) timer = setTimeout(arrive, Math.max(0, nextAt - now()));
    else if (left === 0 && inFlight === 0) finish();
  }

  function returned(): void {
    inFlight -= 1;
    if (timer === undefined) arrive();
  }

  timer = setTimeout(arrive, 0);
  return {
    done,
    stop() {
      left = 0;
      clearTimeout(timer);
      arrive();
    },
  };
}
