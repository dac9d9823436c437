import type { Exchange } from '@soa-monitor/interceptor/core';

/** What a watched service is serving now, so that a call it makes meanwhile can be told its cause. */
export interface InFlight {
  /** Null: a request that is no SOAP. It could cause a call as well. */
  enter(exchange: Exchange | null): void;
  leave(exchange: Exchange | null): void;
  /**
   * The exchange during which a call was made: the one that shares its trace, else the only one there is. Null when it could
   * be one of several: a wrong cause is worse than none.
   */
  causeOf(traceparent: string | null): number | null;
}

/** Looking for a trace among more would cost more than it is worth. */
const SEARCHED_MAX = 1_000;

export function createInFlight(): InFlight {
  const served = new Set<Exchange>();
  let others = 0;
  return {
    enter: (exchange) => {
      if (exchange === null) others++;
      else served.add(exchange);
    },
    leave: (exchange) => {
      if (exchange === null) others--;
      else served.delete(exchange);
    },
    causeOf: (traceparent) => {
      const trace = traceOf(traceparent);
      if (trace !== null && served.size <= SEARCHED_MAX) {
        const sharing = [...served].filter((exchange) => traceOf(exchange.target.traceparent) === trace);
        if (sharing.length > 0) return sharing.length === 1 ? (sharing[0]?.exchangeNo ?? null) : null;
      }
      if (served.size !== 1 || others > 0) return null;
      const [only] = served;
      // Both carry a trace, and not the same one: the call is of another doing.
      const isOther = only === undefined || (trace !== null && traceOf(only.target.traceparent) !== null);
      return isOther ? null : only.exchangeNo;
    },
  };
}

/** The trace id of version 00 and what is read like it. */
const traceOf = (traceparent: string | null): string | null =>
  /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1] ?? null;
