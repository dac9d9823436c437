import { ClientRequest, IncomingMessage, type OutgoingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../observation/clock.ts';
import type { Cause, Exchange, Target } from '../observation/exchange.ts';
import type { Observatory } from '../observation/observatory.ts';
import { calledAddress, calledPath } from './called-address.ts';
import type { Causes } from './causes.ts';
import { failureOf } from './client-failure.ts';
import type { Guard } from './guarded.ts';
import { type ReadContentType, sentHeader, targetOf } from './message-head.ts';
import { exchangeOf, tapMessage } from './message-taps.ts';
import type { PassTraceparent } from './pass-traceparent.ts';
import { observeMethod, type Undo } from './patches.ts';
import { completeClientWire, openClientWire, type Wire } from './wires.ts';

export interface ClientTapParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly causes: Causes;
  readonly guard: Guard;
  readonly readContentType: ReadContentType;
  /** The agent of our own reports: what it carries is not observed. */
  readonly isOwnAgent: (agent: unknown) => boolean;
  readonly passTraceparent: PassTraceparent | null;
}

export interface ClientTap {
  /** Makes the record when the request is first written to: its headers are final then. Null: not observed. */
  begin(message: OutgoingMessage): Exchange | null;
  readonly undo: Undo;
}

/** What is known of a request before it is written to. */
interface Early {
  readonly startedAt: number;
  readonly cause: Cause | null;
  readonly wire: Wire | null;
  readonly ordinal: number | null;
}

/** Observes the requests that this process makes through node:http and node:https. */
export function tapClients({
  clock,
  observatory,
  causes,
  guard,
  readContentType,
  isOwnAgent,
  passTraceparent,
}: ClientTapParts): ClientTap {
  const early = new WeakMap<ClientRequest, Early>();

  const begin = (message: OutgoingMessage): Exchange | null => {
    if (!(message instanceof ClientRequest)) return null;
    const isOwn = isOwnAgent(Reflect.get(message, 'agent'));
    const target = isOwn
      ? null
      : targetOf({
          method: message.method,
          address: calledAddress(message),
          path: calledPath(message),
          contentType: readContentType(sentHeader(message, 'content-type') ?? ''),
          compression: sentHeader(message, 'content-encoding')?.toLowerCase() ?? null,
          soapAction: sentHeader(message, 'soapaction'),
          traceparent: sentHeader(message, 'traceparent'),
        });
    if (target === null) {
      if (!isOwn) observatory.countNoise();
      tapMessage(message, null);
      return null;
    }
    const before = early.get(message);
    const startedAt = clock.now();
    const cause = before === undefined ? causes.current(startedAt) : before.cause;
    const exchange = observatory.begin({
      role: 'client',
      startedAt,
      parentNo: cause?.exchangeNo ?? null,
      target: passTraceparent === null ? target : passedOn(message, target, cause),
      wire: before?.wire ?? null,
      ordinal: before?.ordinal ?? null,
      isCutOff: () => message.destroyed && (message.closed || (message.socket?.destroyed ?? false)),
    });
    tapMessage(message, exchange);
    return exchange;
  };

  const passedOn = (message: ClientRequest, target: Target, cause: Cause | null): Target => {
    if (target.traceparent !== null || message.headersSent) return target;
    const traceparent = passTraceparent?.(target.address, cause) ?? null;
    if (traceparent === null) return target;
    message.setHeader('traceparent', traceparent);
    return { ...target, traceparent };
  };

  const onSocket = (request: ClientRequest, socket: Socket): void => {
    if (isOwnAgent(Reflect.get(request, 'agent'))) return;
    const wire = openClientWire(socket);
    const ordinal = wire === null ? null : wire.requests++;
    completeClientWire(socket, wire);
    const exchange = exchangeOf(request);
    if (exchange === undefined) {
      const startedAt = clock.now();
      early.set(request, { startedAt, cause: causes.current(startedAt), wire, ordinal });
    } else if (exchange !== null) {
      exchange.wire = wire;
      exchange.ordinal = ordinal;
    }
  };

  const onResponse = (exchange: Exchange, request: ClientRequest, response: unknown): void => {
    if (!(response instanceof IncomingMessage)) return;
    completeClientWire(request.socket, exchange.wire);
    exchange.replyHead = {
      status: response.statusCode ?? 0,
      contentType: readContentType(response.headers['content-type'] ?? ''),
      compression: response.headers['content-encoding']?.trim().toLowerCase() ?? null,
      location: response.headers.location ?? null,
    };
    if (exchange.replyHead.status >= 300) exchange.rejectedAt ??= clock.now();
    tapMessage(response, exchange);
  };

  const onClose = (exchange: Exchange): void => {
    const now = clock.now();
    // Who follows a redirect drops its body.
    if (!isRedirect(exchange)) exchange.failure ??= exchange.hasTimedOut ? 'timeout' : 'aborted';
    observatory.end(exchange, now);
  };

  const onEmit = (self: unknown, event: unknown, argument: unknown): boolean => {
    if (!(self instanceof ClientRequest)) return false;
    if (event === 'socket') {
      // The type says Duplex for custom agents; what is no Socket has no addresses to read.
      if (self.socket !== null) onSocket(self, self.socket);
      return false;
    }
    const exchange = event === 'error' ? (exchangeOf(self) ?? beginFailed(self)) : exchangeOf(self);
    if (exchange == null || exchange.hasEnded) return false;
    if (event === 'response') onResponse(exchange, self, argument);
    else if (event === 'finish') completeClientWire(self.socket, exchange.wire);
    else if (event === 'timeout') {
      exchange.hasTimedOut = true;
      completeClientWire(self.socket, exchange.wire);
    } else if (event === 'error') {
      exchange.rejectedAt ??= clock.now();
      exchange.failure ??= failureOf(argument, self.socket, exchange.hasTimedOut);
    } else if (event === 'close') onClose(exchange);
    return false;
  };

  /** A request that failed before the application wrote anything to it is a failed call all the same. */
  const beginFailed = (request: ClientRequest): Exchange | null =>
    exchangeOf(request) === undefined ? begin(request) : null;

  return { begin, undo: observeMethod(ClientRequest.prototype, 'emit', onEmit, guard) };
}

const isRedirect = ({ replyHead }: Exchange): boolean =>
  (replyHead?.location ?? null) !== null && Math.floor((replyHead?.status ?? 0) / 100) === 3;
