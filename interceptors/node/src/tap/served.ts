import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';
import type { Clock } from '../observation/clock.ts';
import type { Exchange } from '../observation/exchange.ts';
import type { Observatory } from '../observation/observatory.ts';
import type { Causes } from './causes.ts';
import { createTargetReader, hasPingHeader } from './incoming-target.ts';
import type { ReadContentType } from './message-head.ts';
import { exchangeOf, tapMessage } from './message-taps.ts';
import type { Observer } from './patches.ts';
import { createReplyHeadReader } from './reply-head.ts';
import { wireOf } from './wires.ts';

/** Follows what a server of this process serves, from its headers to the end of the reply. */
export interface ServedObserver {
  /** True: it was a ping, and it is answered. */
  begin(request: IncomingMessage, response: ServerResponse): boolean;
  /** Sees what a response emits. */
  readonly onResponseEmit: Observer;
}

export interface ServedParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly causes: Causes;
  readonly readContentType: ReadContentType;
  /** Answers a ping below the stack; false for everything that is none. */
  readonly answerPing: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export function createServedObserver(parts: ServedParts): ServedObserver {
  const { clock, observatory, causes, readContentType, answerPing } = parts;

  const readTarget = createTargetReader(readContentType);
  const readReplyHead = createReplyHeadReader(readContentType);

  const beginServed = (request: IncomingMessage, target: Exchange['target']): Exchange | null => {
    const { socket } = request;
    const wire = wireOf(socket);
    return observatory.begin({
      role: 'server',
      startedAt: clock.now(),
      parentNo: null,
      target,
      wire,
      ordinal: wire === null ? null : wire.requests - 1,
      isCutOff: () => socket.destroyed,
    });
  };

  return {
    begin: (request, response) => {
      const known = exchangeOf(request);
      // A second emit of the same request: a checkContinue handler passes it on as 'request'.
      if (known !== undefined) {
        causes.enter(known?.cause ?? null);
        return false;
      }
      if (hasPingHeader(request) && answerPing(request, response)) return true;
      const target = readTarget(request);
      const exchange = target === null ? null : beginServed(request, target);
      if (target === null) observatory.countNoise();
      tapMessage(request, exchange);
      tapMessage(response, exchange);
      causes.enter(exchange?.cause ?? null);
      return false;
    },
    onResponseEmit: (self, event) => {
      if ((event !== 'finish' && event !== 'close') || !(self instanceof ServerResponse)) return false;
      const exchange = exchangeOf(self);
      if (exchange == null || exchange.hasEnded) return false;
      const now = clock.now();
      exchange.replyHead = readReplyHead(self);
      // After 'finish' comes 'close'; without it, the reply did not leave as a whole.
      if (event === 'close' && !self.writableFinished) exchange.failure = 'aborted';
      else exchange.replyLastAt = now;
      observatory.end(exchange, now);
      return false;
    },
  };
}
