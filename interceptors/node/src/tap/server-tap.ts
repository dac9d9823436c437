import diagnostics from 'node:diagnostics_channel';
import { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import type { Guard } from './guarded.ts';
import type { Listeners } from './listeners.ts';
import { observeMethod, type Undo } from './patches.ts';
import type { ServedObserver } from './served.ts';
import { openServerWire, wireOf } from './wires.ts';

export interface ServerTapParts {
  readonly served: ServedObserver;
  readonly listeners: Listeners;
  readonly guard: Guard;
}

/**
 * Observes the HTTP servers of this process at `emit`: a listener would be removed by soap.listen(), and could not keep a
 * ping from the service. https.Server does not inherit from http.Server.
 */
export function tapServers({ served, listeners, guard }: ServerTapParts): Undo[] {
  const onServerEmit =
    (isTls: boolean) =>
    (self: unknown, event: unknown, first: unknown, second: unknown): boolean => {
      if (!(self instanceof NetServer)) return false;
      switch (event) {
        case 'request':
        case 'checkContinue':
        case 'checkExpectation': {
          listeners.note(self, isTls);
          return first instanceof IncomingMessage && second instanceof ServerResponse && served.begin(first, second);
        }
        case 'connection':
        case 'secureConnection':
          if ((event === 'secureConnection') === isTls) openServerWire(first);
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

  // Every request is published here once, in order, before any event: also those that Node answers by itself (400, 417).
  const onStart = (message: unknown): boolean => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return false;
    const wire = wireOf(message.socket);
    if (wire !== null) wire.requests++;
    return wire !== null;
  };
  const onRequestStart = (message: unknown): void => {
    guard.ask(onStart, message, null);
  };
  diagnostics.subscribe('http.server.request.start', onRequestStart);

  return [
    observeMethod(HttpServer.prototype, 'emit', onServerEmit(false), guard),
    observeMethod(HttpsServer.prototype, 'emit', onServerEmit(true), guard),
    observeMethod(ServerResponse.prototype, 'emit', served.onResponseEmit, guard),
    () => {
      diagnostics.unsubscribe('http.server.request.start', onRequestStart);
    },
  ];
}
