import { IncomingMessage, OutgoingMessage } from 'node:http';
import type { Clock } from '../observation/clock.ts';
import type { Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import type { Observatory } from '../observation/observatory.ts';
import type { Guard } from './guarded.ts';
import { type Observer, observeMethod, type Undo } from './patches.ts';

const EXCHANGE = Symbol('soa-monitor exchange');

// Absent: not looked at yet. Null: looked at, and not observed.
declare module 'http' {
  interface IncomingMessage {
    [EXCHANGE]?: Exchange | null;
  }
  interface OutgoingMessage {
    [EXCHANGE]?: Exchange | null;
  }
}

export const exchangeOf = (message: IncomingMessage | OutgoingMessage): Exchange | null | undefined =>
  message[EXCHANGE];

export function tapMessage(message: IncomingMessage | OutgoingMessage, exchange: Exchange | null): void {
  message[EXCHANGE] = exchange;
}

/**
 * Sees the bodies, both ways and on both sides, as the transport hands them over: what is read goes through
 * `IncomingMessage.push` whoever reads it and when, what is written through `OutgoingMessage.write` and `end`.
 */
export interface MessageObserver {
  readonly onPush: Observer;
  onWritten(exchange: Exchange, chunk: unknown, encoding: unknown, isEnd: boolean): void;
}

export interface MessageObserverParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
}

export function createMessageObserver({ clock, observatory }: MessageObserverParts): MessageObserver {
  return {
    onPush: (self, chunk, encoding) => {
      if (!(self instanceof IncomingMessage)) return false;
      const exchange = self[EXCHANGE];
      if (exchange == null) return false;
      if (exchange.hasEnded) return false;
      if (chunk !== null) {
        const isReply = exchange.role === 'client';
        const hasBytes = holdChunk(isReply ? exchange.reply : exchange.request, chunk, encoding);
        if (isReply && hasBytes) exchange.replyFirstAt ??= clock.now();
        return false;
      }
      if (exchange.role === 'server') exchange.requestLastAt ??= clock.now();
      else if (self.complete) {
        const now = clock.now();
        exchange.replyLastAt = now;
        observatory.end(exchange, now);
      }
      return false;
    },
    onWritten: (exchange, chunk, encoding, isEnd) => {
      if (exchange.role === 'client') {
        holdChunk(exchange.request, chunk, encoding);
        if (isEnd) exchange.requestLastAt ??= clock.now();
      } else if (holdChunk(exchange.reply, chunk, encoding) || isEnd) exchange.replyFirstAt ??= clock.now();
    },
  };
}

/** `beginClient` is called before a client's request is first written; it taps it or says that it is not observed. */
export function tapMessages(
  { onPush, onWritten }: MessageObserver,
  beginClient: (request: OutgoingMessage) => Exchange | null,
  guard: Guard,
): Undo[] {
  const onWrite =
    (isEnd: boolean): Observer =>
    (self, chunk, encoding) => {
      if (!(self instanceof OutgoingMessage) || self.writableEnded) return false;
      const exchange = self[EXCHANGE] === undefined ? beginClient(self) : self[EXCHANGE];
      if (exchange !== null && !exchange.hasEnded) onWritten(exchange, chunk, encoding, isEnd);
      return false;
    };
  return [
    observeMethod(IncomingMessage.prototype, 'push', onPush, guard),
    observeMethod(OutgoingMessage.prototype, 'write', onWrite(false), guard),
    observeMethod(OutgoingMessage.prototype, 'end', onWrite(true), guard),
  ];
}

/** The same for one request of a server and its response, which are tapped; nothing else is touched. */
export function tapOneMessage(
  { onPush, onWritten }: MessageObserver,
  request: IncomingMessage,
  response: OutgoingMessage,
  guard: Guard,
): void {
  const onWrite =
    (isEnd: boolean): Observer =>
    (_self, chunk, encoding) => {
      const exchange = response[EXCHANGE] ?? null;
      if (exchange !== null && !exchange.hasEnded && !response.writableEnded)
        onWritten(exchange, chunk, encoding, isEnd);
      return false;
    };
  observeMethod(request, 'push', onPush, guard, false);
  observeMethod(response, 'write', onWrite(false), guard, false);
  observeMethod(response, 'end', onWrite(true), guard, false);
}
