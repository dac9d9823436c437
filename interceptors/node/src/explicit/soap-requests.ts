import type { Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import { findOrStart } from '../observe-process.ts';
import { findRunning, type RunningInterceptor } from '../running.ts';
import type { InterceptorSettings } from '../settings.ts';
import { fieldOf, headerIn, text } from './fields.ts';
import { beginTextRequest } from './text-request.ts';

/** The part of a `soap` server that works without a transport. */
export interface SoapRequestServer<Options, Result> {
  processRequest(xml: string, options?: Options): Promise<Result>;
}

/**
 * Observes what a `soap` server is given without HTTP (`server.processRequest(xml)`, in a queue's consumer or a lambda):
 * call what this returns instead. `options.url` and `options.headers` name the endpoint and the action, as `soap` reads them.
 * Nothing is patched, and the server is left as it is. The settings count where no interceptor runs yet.
 */
export function monitorSoapRequests<Options, Result>(
  server: SoapRequestServer<Options, Result>,
  settings: InterceptorSettings = {},
): (xml: string, options?: Options) => Promise<Result> {
  findOrStart(settings);
  const processRequest = (xml: string, options: Options | undefined): Promise<Result> =>
    options === undefined ? server.processRequest(xml) : server.processRequest(xml, options);
  return (xml, options) => {
    const running = findRunning();
    const exchange = running?.core.guard.value(() => begin(running, server, xml, options)) ?? null;
    if (running === null || exchange === null) return processRequest(xml, options);
    const { clock, observatory, guard } = running.core;
    const end = (): void => observatory.end(exchange, clock.now());
    return running.causes
      .run(exchange.cause, () => processRequest(xml, options))
      .then(
        (result) => {
          guard.run(() => readResult(running, exchange, result));
          guard.run(end);
          return result;
        },
        (error) => {
          exchange.failure = 'aborted';
          guard.run(end);
          throw error;
        },
      );
  };
}

function begin({ core }: RunningInterceptor, server: object, xml: string, options: unknown): Exchange | null {
  const headers = fieldOf(options, 'headers');
  return beginTextRequest(core, {
    ...{ role: 'server', startedAt: core.clock.now(), parentNo: null, address: null, headers, xml },
    path: text(fieldOf(options, 'url')) ?? text(fieldOf(server, 'path')) ?? '/',
    traceparent: headerIn(headers, 'traceparent'),
  });
}

function readResult({ core }: RunningInterceptor, exchange: Exchange, result: unknown): void {
  const status = fieldOf(result, 'statusCode');
  exchange.replyHead = {
    status: typeof status === 'number' ? status : 200,
    contentType: core.readContentType(headerIn(fieldOf(result, 'headers'), 'content-type') ?? ''),
    compression: null,
  };
  const now = core.clock.now();
  if (holdChunk(exchange.reply, fieldOf(result, 'body'), undefined)) exchange.replyFirstAt = now;
  exchange.replyLastAt = now;
}
