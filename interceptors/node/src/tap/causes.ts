import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cause } from '../observation/exchange.ts';

/** Which exchange is being served where the code runs now. */
export interface Causes {
  /** Null: what runs from here on serves nothing that is observed. */
  enter(cause: Cause | null): void;
  /** The exchange that caused a call made now. */
  current(now: number): number | null;
  disable(): void;
}

/**
 * A pooled socket or an interval keeps the context of the request that created it for ever: a call made so long after the
 * exchange ended was not caused by it. One-way services answer first and work then, so the end alone says nothing.
 */
const CAUSE_MILLIS_MAX = 60_000;

export function createCauses(): Causes {
  const storage = new AsyncLocalStorage<Cause | null>();
  return {
    // run() would lose the store: body events fire in the context of the parser (design, section 3). What is entered stays
    // on the connection's parser, so each request enters its own, noise enters null.
    enter: (cause) => {
      if ((storage.getStore() ?? null) !== cause) storage.enterWith(cause);
    },
    current: (now) => {
      const cause = storage.getStore() ?? null;
      if (cause === null) return null;
      return cause.endedAt !== null && now - cause.endedAt > CAUSE_MILLIS_MAX ? null : cause.exchangeNo;
    },
    disable: () => storage.disable(),
  };
}
