import { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import { findOrStart } from '../observe-process.ts';
import { findRunning, type RunningInterceptor, warnOnce } from '../running.ts';
import type { InterceptorSettings } from '../settings.ts';
import { exchangeOf, tapOneMessage } from '../tap/message-taps.ts';
import { observeMethod } from '../tap/patches.ts';
import { holdBuffered } from './buffered.ts';

/** What express, connect and their kin take. */
export type SoapMiddleware = (request: unknown, response: unknown, next: () => void) => void;

/**
 * Observes the SOAP requests that pass it, without a patch: for those who forbid `monitorSoap()`. Goes before body parsers
 * and routes: `app.use(soaMonitorMiddleware())`. Of each request and its response it looks at `push`, `write`, `end` and
 * `emit`, on these two objects alone; it answers the monitor's pings. Reports have no connection evidence. Where
 * `monitorSoap()` patches as well it does nothing, and nothing is counted twice. The settings count where none run yet.
 */
export function soaMonitorMiddleware(settings: InterceptorSettings = {}): SoapMiddleware {
  findOrStart(settings);
  return (request, response, next) => {
    const running = findRunning();
    const isAnswered =
      running !== null &&
      request instanceof IncomingMessage &&
      response instanceof ServerResponse &&
      exchangeOf(request) === undefined &&
      running.core.guard.ask((incoming, outgoing) => observe(running, incoming, outgoing), request, response);
    if (!isAnswered) next();
  };
}

/** True: it was a ping. */
function observe(running: RunningInterceptor, request: IncomingMessage, response: ServerResponse): boolean {
  const { core, served, messages } = running;
  const { socket } = request;
  const server: unknown = Reflect.get(socket, 'server');
  if (server instanceof Server) core.listeners.note(server, socket instanceof TLSSocket);
  if (served.begin(request, response)) return true;
  const exchange = exchangeOf(request) ?? null;
  if (exchange === null) return false;
  if (request.readableDidRead) holdParsed(request, exchange);
  // What came before this middleware ran is not pushed again.
  else if (holdBuffered(request, exchange.request)) exchange.requestLastAt = core.clock.now();
  tapOneMessage(messages, request, response, core.guard);
  observeMethod(response, 'emit', served.onResponseEmit, core.guard, false);
  return false;
}

/** Behind a body parser there is what the parser made of the body, at best. */
function holdParsed(request: IncomingMessage, exchange: Exchange): void {
  warnOnce('soaMonitorMiddleware() stands behind a body parser: bodies are not seen as on the wire');
  holdChunk(exchange.request, Reflect.get(request, 'body'), undefined);
  if (exchange.request.bytes > 0) exchange.requestLastAt = exchange.startedAt;
}
