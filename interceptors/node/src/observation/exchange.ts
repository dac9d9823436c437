import type { Role } from '@soa-monitor/protocol';
import type { ContentType } from '../envelope/content-type.ts';
import type { Wire } from '../tap/wires.ts';
import { createHeldBody, type HeldBody } from './held-body.ts';
import type { Place } from './in-flight.ts';

/** What the headers of a request say about the call. */
export interface Target {
  /** host:port as called; null at the server. */
  readonly address: string | null;
  readonly path: string;
  readonly contentType: ContentType;
  readonly compression: string | null;
  readonly soapAction: string | null;
  readonly traceparent: string | null;
  /** Whether its headers alone make it SOAP; else its root decides. */
  readonly isCertain: boolean;
}

/** What calls made while serving an exchange know of it. Small: timers and pooled sockets may keep it for ever. */
export interface Cause {
  readonly exchangeNo: number;
  /** Of the request being served, as found. */
  readonly traceparent: string | null;
  /** Monotonic; null while it is being served. */
  endedAt: number | null;
}

/** Why an exchange has no whole reply. */
export type Failure = 'refused' | 'timeout' | 'aborted';

/** What the headers of the reply say. */
export interface ReplyHead {
  readonly status: number;
  readonly contentType: ContentType;
  readonly compression: string | null;
  /** Where a redirect sends the message on. */
  readonly location?: string | null;
}

/** One side's record of one exchange, while it lasts. Moments are monotonic milliseconds. */
export interface Exchange extends Place {
  readonly exchangeNo: number;
  readonly role: Role;
  /** Of the first round, where the message took several: so do `start` and every offset. */
  startedAt: number;
  /** Epoch µs. */
  start: number;
  readonly parentNo: number | null;
  readonly cause: Cause | null;
  target: Target;
  readonly request: HeldBody;
  readonly reply: HeldBody;
  requestLastAt: number | null;
  replyFirstAt: number | null;
  replyLastAt: number | null;
  wire: Wire | null;
  ordinal: number | null;
  replyHead: ReplyHead | null;
  failure: Failure | null;
  /** When the client learned that this round brings no SOAP answer; it may send the message again from then on. */
  rejectedAt: number | null;
  /** HTTP rounds of this message so far. */
  attempts: number;
  /** The round in which the message of this one went on. */
  attemptOf: number | null;
  /** The caller's own time limit was seen to pass. */
  hasTimedOut: boolean;
  isReported: boolean;
  hasEnded: boolean;
  /** Whether its connection is gone, for exchanges whose end Node never announces. */
  readonly isCutOff: () => boolean;
}

export interface Beginning {
  readonly role: Role;
  readonly startedAt: number;
  readonly parentNo: number | null;
  readonly target: Target;
  readonly wire: Wire | null;
  readonly ordinal: number | null;
  readonly isCutOff: () => boolean;
}

export function createExchange(exchangeNo: number, start: number, beginning: Beginning): Exchange {
  return {
    exchangeNo,
    role: beginning.role,
    startedAt: beginning.startedAt,
    start,
    parentNo: beginning.parentNo,
    cause: beginning.role === 'server' ? causeOf(exchangeNo, beginning.target) : null,
    target: beginning.target,
    request: createHeldBody(),
    reply: createHeldBody(),
    requestLastAt: null,
    replyFirstAt: null,
    replyLastAt: null,
    wire: beginning.wire,
    ordinal: beginning.ordinal,
    replyHead: null,
    failure: null,
    rejectedAt: null,
    attempts: 1,
    attemptOf: null,
    hasTimedOut: false,
    isReported: false,
    hasEnded: false,
    isCutOff: beginning.isCutOff,
    before: null,
    after: null,
    isListed: false,
    isOld: false,
  };
}

const causeOf = (exchangeNo: number, { traceparent }: Target): Cause => ({ exchangeNo, traceparent, endedAt: null });
