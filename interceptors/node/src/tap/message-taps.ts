import { IncomingMessage, OutgoingMessage } from 'node:http';
import type { Clock } from '../observation/clock.ts';
import type { Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import type { Observatory } from '../observation/observatory.ts';
import type { Causes } from './causes.ts';
import type { Guard } from './guarded.ts';
import { observeMethod, type Undo } from './patches.ts';

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

export interface MessageTapParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly causes: Causes;
  readonly guard: Guard;
  /** Called before a client's request is first written; taps it or says that it is not observed. */
  readonly beginClient: (request: OutgoingMessage) => Exchange | null;
}

/**
 * Sees the bodies, both ways and on both sides, as the transport hands them over: what is read goes through
 * `IncomingMessage.push` whoever reads it and when, what is written through `OutgoingMessage.write` and `end`.
 */
export function tapMessages({ clock, observatory, causes, guard, beginClient }: MessageTapParts): Undo[] {
  const onPush = (self: unknown, args: readonly unknown[]): boolean => {
    if (!(self instanceof IncomingMessage)) return false;
    const exchange = self[EXCHANGE];
    if (exchange == null) return false;
    // Body events fire in the context of the connection's parser, which may still be that of another request.
    if (exchange.role === 'server') causes.enter(exchange.cause);
    if (exchange.hasEnded) return false;
    if (args[0] !== null) {
      const isReply = exchange.role === 'client';
      const hasBytes = holdChunk(isReply ? exchange.reply : exchange.request, args[0], args[1]);
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
  };

  const onWritten = (message: OutgoingMessage, chunk: unknown, encoding: unknown, isEnd: boolean): void => {
    if (message.writableEnded) return;
    const exchange = message[EXCHANGE] === undefined ? beginClient(message) : message[EXCHANGE];
    if (exchange === null || exchange.hasEnded) return;
    if (exchange.role === 'client') {
      holdChunk(exchange.request, chunk, encoding);
      if (isEnd) exchange.requestLastAt ??= clock.now();
    } else if (holdChunk(exchange.reply, chunk, encoding) || isEnd) exchange.replyFirstAt ??= clock.now();
  };

  const onWrite = (isEnd: boolean) => (self: unknown, args: readonly unknown[]) => {
    if (self instanceof OutgoingMessage) onWritten(self, args[0], args[1], isEnd);
    return false;
  };

  return [
    observeMethod(IncomingMessage.prototype, 'push', onPush, guard),
    observeMethod(OutgoingMessage.prototype, 'write', onWrite(false), guard),
    observeMethod(OutgoingMessage.prototype, 'end', onWrite(true), guard),
  ];
}
