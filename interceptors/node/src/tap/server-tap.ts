import diagnostics from 'node:diagnostics_channel';
import { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import type { Clock } from '../observation/clock.ts';
import type { Exchange } from '../observation/exchange.ts';
import type { Observatory } from '../observation/observatory.ts';
import type { Causes } from './causes.ts';
import type { Guard } from './guarded.ts';
import type { Listeners } from './listeners.ts';
import { incomingHead, type ReadContentType, sentHeader, targetOf } from './message-head.ts';
import { exchangeOf, tapMessage } from './message-taps.ts';
import { observeMethod, type Undo } from './patches.ts';
import { openServerWire, wireOf } from './wires.ts';

export interface ServerTapParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly causes: Causes;
  readonly guard: Guard;
  readonly listeners: Listeners;
  readonly readContentType: ReadContentType;
  /** Answers a ping below the stack; false for everything that is none. */
  readonly answerPing: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/**
 * Observes the HTTP servers of this process at `emit`: a listener would be removed by soap.listen(), and could not keep a
 * ping from the service. https.Server does not inherit from http.Server.
 */
export function tapServers(parts: ServerTapParts): Undo[] {
  const { clock, observatory, causes, guard, listeners, readContentType, answerPing } = parts;

  const onRequest = (request: IncomingMessage, response: ServerResponse): boolean => {
    const known = exchangeOf(request);
    // A second emit of the same request: a checkContinue handler passes it on as 'request'.
    if (known !== undefined) {
      causes.enter(known?.cause ?? null);
      return false;
    }
    if (answerPing(request, response)) return true;
    const target = targetOf(incomingHead(request, readContentType));
    const exchange = target === null ? null : beginServed(request, target);
    if (target === null) observatory.countNoise();
    tapMessage(request, exchange);
    tapMessage(response, exchange);
    causes.enter(exchange?.cause ?? null);
    return false;
  };

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

  const onServerEmit =
    (isTls: boolean) =>
    (self: unknown, args: readonly unknown[]): boolean => {
      if (!(self instanceof NetServer)) return false;
      switch (args[0]) {
        case 'request':
        case 'checkContinue':
        case 'checkExpectation': {
          const [, request, response] = args;
          listeners.note(self, isTls);
          return (
            request instanceof IncomingMessage && response instanceof ServerResponse && onRequest(request, response)
          );
        }
        case 'connection':
        case 'secureConnection':
          if ((args[0] === 'secureConnection') === isTls) openServerWire(args[1]);
          return false;
        case 'listening':
          listeners.open(self, isTls);
          return false;
        case 'close':
          listeners.close(self);
          return false;
        default:
          return false;
      }
    };

  const onResponseEmit = (self: unknown, args: readonly unknown[]): boolean => {
    const event = args[0];
    if ((event !== 'finish' && event !== 'close') || !(self instanceof ServerResponse)) return false;
    const exchange = exchangeOf(self);
    if (exchange == null || exchange.hasEnded) return false;
    const now = clock.now();
    exchange.replyHead = replyHeadOf(self, readContentType);
    // After 'finish' comes 'close'; without it, the reply did not leave as a whole.
    if (event === 'close' && !self.writableFinished) exchange.failure = 'aborted';
    else exchange.replyLastAt = now;
    observatory.end(exchange, now);
    return false;
  };

  // Every request is published here once, in order, before any event: also those that Node answers by itself (400, 417).
  const onStart = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return;
    const wire = wireOf(Reflect.get(message, 'socket'));
    if (wire !== null) wire.requests++;
  };
  const onRequestStart = (message: unknown): void => guard.run(() => onStart(message));
  diagnostics.subscribe('http.server.request.start', onRequestStart);

  return [
    observeMethod(HttpServer.prototype, 'emit', onServerEmit(false), guard),
    observeMethod(HttpsServer.prototype, 'emit', onServerEmit(true), guard),
    observeMethod(ServerResponse.prototype, 'emit', onResponseEmit, guard),
    () => {
      diagnostics.unsubscribe('http.server.request.start', onRequestStart);
    },
  ];
}

function replyHeadOf(response: ServerResponse, readContentType: ReadContentType): Exchange['replyHead'] {
  return {
    status: response.statusCode,
    contentType: readContentType(sentHeader(response, 'content-type') ?? ''),
    compression: sentHeader(response, 'content-encoding')?.toLowerCase() ?? null,
  };
}
