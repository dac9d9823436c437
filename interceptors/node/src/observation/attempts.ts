import { readMessage } from '../envelope/read-message.ts';
import type { Exchange, Target } from './exchange.ts';
import { HELD_BYTES_MAX, type HeldBody, heldPrefix } from './held-body.ts';

/** Several HTTP rounds of one message (a 401, a redirect, a retry) told as one exchange and its attempts. */
export interface Attempts {
  /** Rounds that wait to be followed. */
  held(): number;
  /** True: this round ended without a SOAP answer and waits for the message to be sent again. Asked of what was rejected. */
  hold(exchange: Exchange, endedAt: number): boolean;
  /** Takes over the held round whose message this client's exchange sends again. Its request must have been sent. */
  follow(exchange: Exchange): void;
  /** The same at the server, by the connection alone, when a request begins. */
  followServed(exchange: Exchange): void;
  /** Reports as what they were the rounds that nobody can follow any more: nothing in flight began before `oldestInFlightAt`. */
  expire(now: number, oldestInFlightAt: number): void;
  releaseAll(): void;
}

/** A message that is sent again is sent at once, or after a short back-off. */
const ROUND_WAIT_MILLIS_MAX = 1_000;
/** More rounds than this do not wait: the oldest is reported as what it was. */
const ROUNDS_HELD_MAX = 64;
/** What they hold of their bodies, together. */
const ROUNDS_HELD_BYTES_MAX = 1024 * 1024;

/**
 * More rounds than this do not make one message: who calls on and on with the same words while a service is down must be seen
 * to fail.
 */
const ROUNDS_OF_MESSAGE_MAX = 6;

/** Statuses after which clients send a message again. */
const AGAIN = new Set([301, 302, 303, 307, 308, 401, 407, 408, 429, 502, 503, 504]);

interface Round {
  readonly exchange: Exchange;
  readonly endedAt: number;
}

/** Whether an exchange that ended so can be a round of a message that goes on. Cheap: asked of each that ends. */
export const isRejected = ({ failure, replyHead }: Exchange): boolean =>
  failure !== null || (replyHead !== null && replyHead.status >= 300);

/** `report` describes an exchange and lets go of it. */
export function createAttempts(report: (exchange: Exchange, endedAt: number) => void): Attempts {
  /** In order of their end. */
  const rounds: Round[] = [];
  let bytes = 0;
  /** Of those that took over an earlier start: what they would be told with as rounds. */
  const ownStarts = new WeakMap<Exchange, { readonly startedAt: number; readonly start: number }>();

  const take = (at: number): Round | undefined => {
    const [round] = rounds.splice(at, 1);
    if (round !== undefined) bytes -= heldBytes(round.exchange);
    return round;
  };

  const release = (at: number): void => {
    const round = take(at);
    if (round !== undefined) report(round.exchange, round.endedAt);
  };

  const goOn = (at: number, next: Exchange): void => {
    const round = take(at);
    if (round === undefined) return;
    const { exchange, endedAt } = round;
    next.attempts = exchange.attempts + 1;
    // What is shown as open keeps its start: it is part of its key.
    if (!next.isReported) {
      ownStarts.set(next, { startedAt: next.startedAt, start: next.start });
      next.startedAt = exchange.startedAt;
      next.start = exchange.start;
    }
    const own = ownStarts.get(exchange);
    if (own !== undefined && !exchange.isReported) Object.assign(exchange, own);
    exchange.attemptOf = next.exchangeNo;
    report(exchange, endedAt);
  };

  return {
    held: () => rounds.length,
    hold: (exchange, endedAt) => {
      const isHeld = exchange.role === 'client' ? mayBeSentAgain(exchange) : mayBeChallenge(exchange);
      if (!isHeld || isEnvelope(exchange)) return false;
      rounds.push({ exchange, endedAt });
      bytes += heldBytes(exchange);
      while (rounds.length > ROUNDS_HELD_MAX || bytes > ROUNDS_HELD_BYTES_MAX) release(0);
      return true;
    },
    follow: (exchange) => {
      if (exchange.role !== 'client' || exchange.attempts > 1 || exchange.requestLastAt === null) return;
      const at = rounds.findIndex((round) => isSentAgain(round, exchange));
      if (at >= 0) goOn(at, exchange);
    },
    followServed: (exchange) => {
      const { wire, ordinal, target } = exchange;
      if (wire === null) return;
      const at = rounds.findIndex((round) => round.exchange.role === 'server' && round.exchange.wire === wire);
      const round = rounds[at]?.exchange;
      if (round === undefined) return;
      const isNext = round.ordinal !== null && ordinal === round.ordinal + 1 && round.attempts < ROUNDS_OF_MESSAGE_MAX;
      if (isNext && isSameCall(round.target, target)) goOn(at, exchange);
      else release(at);
    },
    expire: (now, oldestInFlightAt) => {
      const before = Math.min(now, oldestInFlightAt) - ROUND_WAIT_MILLIS_MAX;
      for (let first = rounds[0]; first !== undefined && first.endedAt < before; first = rounds[0]) release(0);
    },
    releaseAll: () => {
      while (rounds.length > 0) release(0);
    },
  };
}

const mayBeSentAgain = ({ failure, replyHead }: Exchange): boolean =>
  failure !== null || (replyHead !== null && AGAIN.has(replyHead.status));

const mayBeChallenge = ({ failure, replyHead, wire }: Exchange): boolean =>
  failure === null && wire !== null && (replyHead?.status === 401 || replyHead?.status === 407);

/** An envelope is a SOAP answer, whatever its status. */
function isEnvelope({ reply, replyHead }: Exchange): boolean {
  if (replyHead === null || reply.bytes === 0) return false;
  return readMessage(reply, replyHead.contentType, replyHead.compression)?.scan.root === 'envelope';
}

function isSentAgain({ exchange, endedAt }: Round, next: Exchange): boolean {
  if (exchange.role !== 'client' || exchange.parentNo !== next.parentNo) return false;
  if (exchange.attempts >= ROUNDS_OF_MESSAGE_MAX) return false;
  // A library may send again before the round it gave up has come to its end.
  const rejectedAt = exchange.rejectedAt ?? endedAt;
  if (next.startedAt < rejectedAt || next.startedAt > Math.max(endedAt, rejectedAt) + ROUND_WAIT_MILLIS_MAX)
    return false;
  const status = exchange.replyHead?.status ?? 0;
  const isRedirect = status >= 301 && status <= 308;
  if (isRedirect ? !isRedirectedTo(exchange, next.target) : !isSameCall(exchange.target, next.target)) return false;
  // The first round of NTLM or Digest goes out without its body on purpose.
  if ((status === 401 || status === 407) && exchange.request.bytes === 0) return true;
  return isSameBody(exchange.request, next.request);
}

const isSameCall = (one: Target, other: Target): boolean =>
  one.address === other.address &&
  one.path === other.path &&
  one.soapAction === other.soapAction &&
  one.contentType.mediaType === other.contentType.mediaType &&
  one.contentType.action === other.contentType.action;

function isRedirectedTo({ target, replyHead }: Exchange, next: Target): boolean {
  const location = replyHead?.location ?? null;
  const base = `http://${target.address ?? ''}${target.path}`;
  if (location === null || !URL.canParse(location, base)) return false;
  const url = new URL(location, base);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return next.address === `${url.hostname}:${port}` && next.path === url.pathname;
}

function isSameBody(one: HeldBody, other: HeldBody): boolean {
  if (one.bytes !== other.bytes || one.held !== other.held) return false;
  return Buffer.compare(heldPrefix(one, HELD_BYTES_MAX), heldPrefix(other, HELD_BYTES_MAX)) === 0;
}

const heldBytes = ({ request, reply }: Exchange): number => request.held + reply.held;
