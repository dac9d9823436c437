/** Time and timers, as a parameter, so that a test can hold them. */
export interface Clock {
  /** Epoch µs. */
  now(): number;
  /** Runs once after so many milliseconds. Returns what cancels it. */
  after(millis: number, run: () => void): () => void;
}

/** The wall clock in µs: the monotonic clock's resolution, moved whenever it has drifted from the wall by more than 2 ms. */
export function createSystemClock(): Clock {
  let origin = Date.now() - performance.now();
  return {
    now() {
      const wall = Date.now();
      if (Math.abs(origin + performance.now() - wall) > 2) origin = wall - performance.now();
      return Math.round((origin + performance.now()) * 1_000);
    },
    after(millis, run) {
      const timer = setTimeout(run, millis);
      return () => clearTimeout(timer);
    },
  };
}
