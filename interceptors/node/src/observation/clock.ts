/** Wall time to place things, monotonic time to measure them. */
export interface Clock {
  /** Monotonic milliseconds, with fractions. */
  now(): number;
  /** Epoch microseconds of a moment of `now()`. */
  wallMicrosAt(moment: number): number;
  /** Follows the wall clock when it was set, or stood still while the machine slept. */
  correct(): void;
}

/** Further than this from the wall clock is a step of it: its resolution is 1 ms, and scheduling costs some more. */
const STEP_MILLIS = 5;

/**
 * `originMillis` is the wall time at monotonic 0 where it is known better than Date.now()'s whole milliseconds
 * (performance.timeOrigin is).
 */
export function createClock(
  wallMillis: () => number = () => Date.now(),
  monotonicMillis: () => number = () => performance.now(),
  originMillis: number = performance.timeOrigin,
): Clock {
  let origin = originMillis;
  const correct = (): void => {
    const expected = origin + monotonicMillis();
    const wall = wallMillis() + 0.5;
    if (Math.abs(wall - expected) > STEP_MILLIS) origin += wall - expected;
  };
  correct();
  return { now: monotonicMillis, wallMicrosAt: (moment) => Math.round((origin + moment) * 1_000), correct };
}
