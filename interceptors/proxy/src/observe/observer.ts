import { type Core, type Exchange, holdChunk, type Target, targetOf, type Wire } from '@soa-monitor/interceptor/core';
import type { MessageHead } from '../http/message-head.ts';
import type { Pending } from '../relay/dialogue.ts';
import type { InFlight } from './in-flight.ts';

/** Tells the core what passes on one connection. */
export interface Observer {
  /** A request, whatever it is: it counts on its connection. */
  countRequest(): void;
  beginRequest(head: MessageHead, now: number): Exchange | null;
  holdRequest(pending: Pending, piece: Buffer, from: number, to: number): void;
  /** Gives the moment of its end. */
  endRequest(pending: Pending, now: number): number;
  beginReply(pending: Pending, head: MessageHead, now: number): void;
  holdReply(pending: Pending, piece: Buffer, from: number, to: number): void;
  endReply(pending: Pending, now: number): void;
  /** The proxy's own answer went out in the target's stead. */
  answered(pending: Pending, answer: OwnReply, now: number): void;
  /** No whole reply will come. */
  cutOff(pending: Pending, now: number): void;
  /** A connection is not watched any further. */
  countLost(): void;
}

export interface OwnReply {
  readonly status: number;
  readonly body: Buffer;
  /** Why, as the watched caller's client would see it. */
  readonly failure: 'refused' | 'timeout';
}

/** `service`: what is behind the proxy is watched as a server. `callee`: what is before it is watched as a client. */
export type Side = 'service' | 'callee';

export interface ObserverParts {
  readonly core: Core;
  readonly side: Side;
  /** The target's host:port, as it is called. */
  readonly address: string;
  readonly inFlight: InFlight;
  /** The connection that is evidence: the caller's to the proxy, or the proxy's to the callee. */
  readonly wire: Wire;
  readonly isCutOff: () => boolean;
}

const PLAIN_TEXT = 'text/plain; charset=utf-8';

export function createObserver({ core, side, address, inFlight, wire, isCutOff }: ObserverParts): Observer {
  const { observatory, readContentType } = core;
  const isService = side === 'service';

  const end = (pending: Pending, now: number): void => {
    if (isService) inFlight.leave(pending.exchange);
    if (pending.exchange !== null && !pending.exchange.hasEnded) observatory.end(pending.exchange, now);
  };

  const replyHead = (status: number, contentType: string, compression: string | null): Exchange['replyHead'] => ({
    status,
    contentType: readContentType(contentType),
    compression,
  });

  const targetIn = (head: MessageHead): Target | null =>
    targetOf({
      method: head.method,
      address: isService ? null : address,
      path: pathOf(head.target),
      contentType: readContentType(head.contentType ?? ''),
      compression: head.contentEncoding?.toLowerCase() ?? null,
      soapAction: head.soapAction,
      traceparent: head.traceparent,
    });

  return {
    countRequest: () => {
      wire.requests++;
    },
    beginRequest: (head, now) => {
      const ordinal = wire.requests++;
      const target = targetIn(head);
      if (target === null) observatory.countNoise();
      const exchange =
        target === null
          ? null
          : observatory.begin({
              role: isService ? 'server' : 'client',
              startedAt: now,
              parentNo: isService ? null : inFlight.causeOf(head.traceparent),
              target,
              wire,
              ordinal,
              isCutOff,
            });
      if (isService) inFlight.enter(exchange);
      return exchange;
    },
    holdRequest: ({ exchange }, piece, from, to) => {
      if (exchange !== null && !exchange.hasEnded) holdChunk(exchange.request, part(piece, from, to), null);
    },
    endRequest: ({ exchange }, now) => {
      if (exchange !== null) exchange.requestLastAt ??= now;
      return now;
    },
    beginReply: ({ exchange }, head, now) => {
      if (exchange === null) return;
      exchange.replyFirstAt ??= now;
      exchange.replyHead = replyHead(head.status, head.contentType ?? '', head.contentEncoding?.toLowerCase() ?? null);
    },
    holdReply: ({ exchange }, piece, from, to) => {
      if (exchange !== null && !exchange.hasEnded) holdChunk(exchange.reply, part(piece, from, to), null);
    },
    endReply: (pending, now) => {
      if (pending.exchange !== null) pending.exchange.replyLastAt = now;
      end(pending, now);
    },
    answered: (pending, { status, body, failure }, now) => {
      const { exchange } = pending;
      // The service's caller got this answer; the callee's caller got none from the callee.
      if (exchange !== null && !isService) exchange.failure = failure;
      else if (exchange !== null) {
        exchange.replyHead = replyHead(status, PLAIN_TEXT, null);
        exchange.replyFirstAt ??= now;
        exchange.replyLastAt = now;
        holdChunk(exchange.reply, body, null);
      }
      end(pending, now);
    },
    cutOff: (pending, now) => {
      if (pending.exchange !== null) pending.exchange.failure ??= 'aborted';
      end(pending, now);
    },
    countLost: () => observatory.countNoise(),
  };
}

const part = (piece: Buffer, from: number, to: number): Buffer =>
  from === 0 && to === piece.length ? piece : piece.subarray(from, to);

/** A request to a proxy names the whole URL. */
function pathOf(target: string): string {
  const url = target.startsWith('/') ? null : URL.parse?.(target);
  const path = url?.pathname ?? target;
  const query = path.search(/[?#]/);
  return query < 0 ? path : path.slice(0, query);
}
