/** Counts what went wrong inside the interceptor. The host's call passes whatever happens here. */
export interface Guard {
  failures(): number;
  /** Runs `work`; false when it failed. Takes the arguments apart, so that a hot path needs no closure. */
  ask<First, Second>(work: (first: First, second: Second) => boolean, first: First, second: Second): boolean;
  /** The same for a call and its first arguments. */
  see(look: Look, self: unknown, first: unknown, second: unknown, third: unknown): boolean;
  run(work: () => void): void;
  /** What `work` gives; undefined when it failed. */
  value<Result>(work: () => Result): Result | undefined;
  /** A promise that nobody else waits for must not end the host as an unhandled rejection. */
  settle<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result>;
}

type Look = (self: unknown, first: unknown, second: unknown, third: unknown) => boolean;

/** The one place of the interceptor where failures are caught: `guarded()` counts them, `attempt()` expects them. */
export function createGuard(): Guard {
  let failures = 0;
  return {
    failures: () => failures,
    ask: (work, first, second) => {
      try {
        return work(first, second);
      } catch {
        failures++;
        return false;
      }
    },
    see: (look, self, first, second, third) => {
      try {
        return look(self, first, second, third);
      } catch {
        failures++;
        return false;
      }
    },
    run: (work) => {
      try {
        work();
      } catch {
        failures++;
      }
    },
    value: (work) => {
      try {
        return work();
      } catch {
        failures++;
        return undefined;
      }
    },
    settle: async (work, otherwise) => {
      try {
        return await work();
      } catch {
        failures++;
        return otherwise;
      }
    },
  };
}

/** For what the platform reports by throwing and other people's bytes decide (bad gzip, bad JSON): undefined then. */
export function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
