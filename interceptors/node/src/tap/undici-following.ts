import { Socket } from 'node:net';
import type { Clock } from '../observation/clock.ts';
import type { Cause, Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import type { Observatory } from '../observation/observatory.ts';
import { failureOf } from './client-failure.ts';
import { type ReadContentType, targetOf } from './message-head.ts';
import type { PassTraceparent } from './pass-traceparent.ts';
import { addHeader, createUndiciHeadReader, headerOf, partOf, type UndiciRequest } from './undici-request.ts';
import { wireOf } from './wires.ts';

/** Follows undici's requests from their creation to their end, by what its channels and methods say of them. */
export interface UndiciFollowing {
  begin(request: UndiciRequest, startedAt: number, cause: Cause | null): void;
  causeOf(request: UndiciRequest): Cause | null;
  onSendHeaders(request: UndiciRequest, message: unknown): void;
  /** The request has left; `isBodySeen`: what left was seen, so that nothing is an empty body. */
  onSent(request: UndiciRequest, isBodySeen: boolean): void;
  onHeaders(request: UndiciRequest, message: unknown): void;
  onChunk(request: UndiciRequest, chunk: unknown, isReply: boolean): void;
  onComplete(request: UndiciRequest): void;
  onError(request: UndiciRequest, message: unknown): void;
}

export interface UndiciFollowingParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly readContentType: ReadContentType;
  readonly passTraceparent: PassTraceparent | null;
}

interface Followed {
  readonly cause: Cause | null;
  readonly exchange: Exchange | null;
  socket: Socket | null;
}

export function createUndiciFollowing(parts: UndiciFollowingParts): UndiciFollowing {
  const { clock, observatory, readContentType, passTraceparent } = parts;
  const readHead = createUndiciHeadReader(readContentType);
  const followed = new WeakMap<UndiciRequest, Followed>();

  const exchangeOf = (request: UndiciRequest): Exchange | null => {
    const exchange = followed.get(request)?.exchange ?? null;
    return exchange === null || exchange.hasEnded ? null : exchange;
  };

  const beginExchange = (request: UndiciRequest, startedAt: number, cause: Cause | null): Exchange | null => {
    const target = targetOf(readHead(request));
    if (target === null) {
      observatory.countNoise();
      return null;
    }
    const passed =
      passTraceparent === null || target.traceparent !== null ? null : passTraceparent(target.address, cause);
    const isPassed = passed !== null && addHeader(request, 'traceparent', passed);
    return observatory.begin({
      role: 'client',
      startedAt,
      parentNo: cause?.exchangeNo ?? null,
      target: isPassed ? { ...target, traceparent: passed } : target,
      wire: null,
      ordinal: null,
      // Not when its socket is destroyed: undici says why a moment later.
      isCutOff: () => Reflect.get(request, 'aborted') === true || Reflect.get(request, 'completed') === true,
    });
  };

  return {
    begin: (request, startedAt, cause) => {
      followed.set(request, { cause, exchange: beginExchange(request, startedAt, cause), socket: null });
    },
    causeOf: (request) => followed.get(request)?.cause ?? null,
    onSendHeaders: (request, message) => {
      const socket = partOf(message, 'socket');
      const wire = wireOf(socket);
      // Every request on the connection counts, also one that was created before the tap was.
      const ordinal = wire === null ? null : wire.requests++;
      const one = followed.get(request);
      if (one === undefined) return;
      if (socket instanceof Socket) one.socket = socket;
      if (one.exchange === null) return;
      one.exchange.wire = wire;
      one.exchange.ordinal = ordinal;
    },
    onSent: (request, isBodySeen) => {
      const exchange = exchangeOf(request);
      if (exchange === null || (exchange.request.bytes === 0 && !isBodySeen)) return;
      exchange.requestLastAt ??= clock.now();
    },
    onHeaders: (request, message) => {
      const exchange = exchangeOf(request);
      const response = partOf(message, 'response');
      const status: unknown = response === null ? null : Reflect.get(response, 'statusCode');
      // 1xx come here too.
      if (exchange === null || response === null || typeof status !== 'number' || status < 200) return;
      const headers: unknown = Reflect.get(response, 'headers');
      exchange.replyHead = {
        status,
        contentType: readContentType(headerOf(headers, 'content-type') ?? ''),
        compression: headerOf(headers, 'content-encoding')?.trim().toLowerCase() ?? null,
        location: headerOf(headers, 'location'),
      };
      if (status >= 300) exchange.rejectedAt ??= clock.now();
    },
    onChunk: (request, chunk, isReply) => {
      const exchange = exchangeOf(request);
      if (exchange === null) return;
      const hasBytes = holdChunk(isReply ? exchange.reply : exchange.request, chunk, undefined);
      if (isReply && hasBytes) exchange.replyFirstAt ??= clock.now();
    },
    onComplete: (request) => {
      const exchange = exchangeOf(request);
      if (exchange === null) return;
      const now = clock.now();
      exchange.replyLastAt = now;
      observatory.end(exchange, now);
    },
    onError: (request, message) => {
      const exchange = exchangeOf(request);
      if (exchange === null) return;
      const now = clock.now();
      const error: unknown =
        typeof message === 'object' && message !== null ? Reflect.get(message, 'error') : undefined;
      exchange.rejectedAt ??= now;
      exchange.failure ??= failureOf(error, followed.get(request)?.socket, false);
      observatory.end(exchange, now);
    },
  };
}
