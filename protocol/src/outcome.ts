/**
 * How an exchange ended, in the order of precedence: the first that applies. `fault` is told by the reply's body, whatever
 * its HTTP status; `malformed` by the XML of the request. `attempt`: an HTTP round that was not the message's last one (a 401, a redirect, a failure after
 * which the same bytes were sent again); the exchange goes on in another row, and only that one is counted.
 * The index is the code on the wire and in the store: append only.
 */
export const OUTCOMES = [
  'refused',
  'timeout',
  'aborted',
  'malformed',
  'fault',
  'httpError',
  'oneWay',
  'ok',
  'attempt',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const outcomeCode = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);

/** The outcome of a code, or null for an exchange that has not ended (or a code of a newer version). */
export const outcomeOf = (code: number | null): Outcome | null => (code === null ? null : (OUTCOMES[code] ?? null));

/** A failure of the call itself: neither ok, nor one-way, nor a fault that the service declared. */
export const isError = (outcome: Outcome): boolean =>
  outcome !== 'ok' && outcome !== 'oneWay' && outcome !== 'fault' && outcome !== 'attempt';
