import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cause } from '../observation/exchange.ts';

/** Which exchange is being served where the code runs now. */
export interface Causes {
  /** Null: what runs from here on serves nothing that is observed. */
  enter(cause: Cause | null): void;
  /** Runs what serves one exchange, for callers whose own context must stay as it is. */
  run<Result>(cause: Cause | null, work: () => Result): Result;
  /** What was entered last, whatever became of it. */
  entered(): Cause | null;
  /** The exchange that caused a call made now. */
  current(now: number): Cause | null;
  disable(): void;
}

/**
 * A pooled socket or an interval keeps the context of the request that created it for ever: a call made so long after the
 * exchange ended was not caused by it. One-way services answer first and work then, so the end alone says nothing.
 */
const CAUSE_MILLIS_MAX = 60_000;

export function createCauses(): Causes {
  const storage = new AsyncLocalStorage<Cause | null>();
  const entered = (): Cause | null => storage.getStore() ?? null;
  return {
    // run() would lose the store: body events fire in the context of the parser (design, section 3). What is entered stays
    // on the connection's parser, so each request enters its own, noise enters null.
    enter: (cause) => {
      if (entered() !== cause) storage.enterWith(cause);
    },
    run: (cause, work) => storage.run(cause, work),
    entered,
    current: (now) => {
      const cause = entered();
      return cause !== null && cause.endedAt !== null && now - cause.endedAt > CAUSE_MILLIS_MAX ? null : cause;
    },
    disable: () => storage.disable(),
  };
}
