import { type ExchangeTimes, isError, type Outcome } from '@soa-monitor/protocol';

/** A flight is at least this long on the screen, whatever the speed: real ones last a fraction of a millisecond. */
export const FLIGHT_SCREEN_MICROS = 400_000;
/** So long the mark of a call that failed without a reply is seen at the target, in screen time. */
export const FAILED_SCREEN_MICROS = 800_000;

/**
 * When each dot of an exchange is seen, in picture time (epoch µs), by the dot rule. Pure in the four times and the speed,
 * so it holds forwards, backwards and at any speed. NaN: that message is not known; Infinity: not yet over.
 *
 * - The request's dot leaves when the request was sent and is in flight for max(received − sent, the shortest flight).
 * - The reply's dot leaves when the request's has landed and the reply was sent; it flies likewise.
 * - Between landing and leaving the exchange waits at the node.
 * - A reply that was sent while the request's dot is still in its shortest flight is docked at the service's end.
 * - A call that failed without a reply ends as a failed mark at the target.
 */
export interface Flight {
  readonly requestLeaves: number;
  readonly requestLands: number;
  readonly replyKnown: number;
  readonly replyLeaves: number;
  readonly replyLands: number;
  readonly fails: number;
  readonly begins: number;
  readonly ends: number;
}

export interface Ending {
  readonly outcome: Outcome | null;
  readonly durationMicros: number | null;
}

export function flightOf(exchange: ExchangeTimes & Ending, speed: number): Flight {
  const shortest = FLIGHT_SCREEN_MICROS * speed;
  const request = messageFlight(exchange.requestSent, exchange.requestReceived);
  const reply = messageFlight(exchange.replySent, exchange.replyReceived);
  const requestLeaves = request.sent;
  const requestLands = requestLeaves + Math.max(request.took, shortest);
  const replyLeaves = Number.isNaN(requestLands) ? reply.sent : Math.max(requestLands, reply.sent);
  const replyLands = replyLeaves + Math.max(reply.took, shortest);
  const fails = failsAt(exchange, requestLeaves, requestLands, reply.sent);
  return {
    requestLeaves,
    requestLands,
    replyKnown: reply.sent,
    replyLeaves,
    replyLands,
    fails,
    begins: least(requestLeaves, reply.sent),
    ends: endsAt(exchange.outcome, requestLands, replyLands, fails + FAILED_SCREEN_MICROS * speed),
  };
}

export type Part = 'request' | 'reply';
export type Phase = 'flying' | 'waiting' | 'failed' | 'docked';

/** Where one dot is: `progress` is the share of its lane, 0 where it left and 1 where it lands. */
export interface Sight {
  readonly part: Part;
  readonly phase: Phase;
  readonly progress: number;
}

export function requestAt(flight: Flight, now: number): Sight | null {
  if (!(now >= flight.requestLeaves) || now >= flight.ends) return null;
  if (now < flight.requestLands) {
    const progress = (now - flight.requestLeaves) / (flight.requestLands - flight.requestLeaves);
    return { part: 'request', phase: 'flying', progress };
  }
  if (now >= flight.fails) return { part: 'request', phase: 'failed', progress: 1 };
  if (now >= flight.replyLeaves) return null;
  return { part: 'request', phase: 'waiting', progress: 1 };
}

export function replyAt(flight: Flight, now: number): Sight | null {
  if (!(now >= flight.replyKnown) || now >= flight.replyLands) return null;
  if (now < flight.replyLeaves) return { part: 'reply', phase: 'docked', progress: 0 };
  const progress = (now - flight.replyLeaves) / (flight.replyLands - flight.replyLeaves);
  return { part: 'reply', phase: 'flying', progress };
}

/** Both dots at a moment, for those who look seldom; the frame loop asks for each. */
export const dotsAt = (flight: Flight, now: number): readonly Sight[] =>
  [requestAt(flight, now), replyAt(flight, now)].filter((sight) => sight !== null);

/** A message seen on one side only leaves at the one time that is known, and flies the shortest flight. */
function messageFlight(sent: number | null, received: number | null): { sent: number; took: number } {
  const leaves = sent ?? received;
  if (leaves === null) return { sent: Number.NaN, took: 0 };
  return { sent: leaves, took: Math.max(0, (received ?? leaves) - leaves) };
}

function failsAt(exchange: Ending, leaves: number, lands: number, replySent: number): number {
  if (exchange.outcome === null || !Number.isNaN(replySent) || !isErrorOrFault(exchange.outcome)) return Number.NaN;
  return Math.max(lands, leaves + (exchange.durationMicros ?? 0));
}

function endsAt(outcome: Outcome | null, lands: number, replyLands: number, failed: number): number {
  if (!Number.isNaN(replyLands)) return replyLands;
  if (outcome === null) return Number.POSITIVE_INFINITY;
  return Number.isNaN(failed) ? lands : failed;
}

const isErrorOrFault = (outcome: Outcome): boolean => outcome === 'fault' || isError(outcome);

const least = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
