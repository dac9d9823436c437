import type { Cause } from '../observation/exchange.ts';

/** The traceparent that a call to this address is to carry on; null for nearly all calls. */
export type PassTraceparent = (address: string | null, cause: Cause | null) => string | null;

/** What W3C Trace Context allows, of any version; anything else is not passed on. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(-[\x21-\x7e]{0,72})?$/;

/** Null when no destination was named: then no call is asked about. */
export function createTraceparentPass(destinations: readonly string[]): PassTraceparent | null {
  if (destinations.length === 0) return null;
  const asked = new Set(destinations.map((destination) => destination.toLowerCase()));
  return (address, cause) => {
    const traceparent = cause?.traceparent ?? null;
    if (traceparent === null || address === null || !asked.has(address)) return null;
    return TRACEPARENT.test(traceparent) ? traceparent : null;
  };
}
