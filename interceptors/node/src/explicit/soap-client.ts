import type { Exchange } from '../observation/exchange.ts';
import { findOrStart } from '../observe-process.ts';
import { findRunning, type RunningInterceptor, warnOnce } from '../running.ts';
import type { InterceptorSettings } from '../settings.ts';
import { attempt } from '../tap/guarded.ts';
import { resemble } from '../tap/patches.ts';
import { beginCall, followStream, passedHeaders, settleCall } from './soap-call.ts';

const OBSERVED = Symbol.for('soa-monitor soap client');

/**
 * Observes the calls of one client of `soap` or `strong-soap`, without a patch: for those who forbid `monitorSoap()`. It wraps
 * `request` and `requestStream` of the client's own `httpClient` object; arguments, results and errors stay what they are.
 * Gives the client back. Times are those of the call, reports have no connection evidence. Where `monitorSoap()` patches as
 * well it does nothing, and nothing is counted twice. The settings count where no interceptor runs yet.
 */
export function monitorSoapClient<Client extends object>(client: Client, settings: InterceptorSettings = {}): Client {
  findOrStart(settings);
  const httpClient: unknown = Reflect.get(client, 'httpClient');
  const isObserved = typeof httpClient === 'object' && httpClient !== null && attempt(() => observe(httpClient));
  if (isObserved !== true)
    warnOnce('monitorSoapClient() was given no client of soap or strong-soap: it is not observed');
  return client;
}

function observe(httpClient: object): boolean {
  if (Reflect.has(httpClient, OBSERVED)) return true;
  const request: unknown = Reflect.get(httpClient, 'request');
  const requestStream: unknown = Reflect.get(httpClient, 'requestStream');
  if (typeof request !== 'function') return false;
  define(httpClient, OBSERVED, true);
  define(httpClient, 'request', resembling(observedRequest(request), request));
  if (typeof requestStream === 'function')
    define(httpClient, 'requestStream', resembling(observedStream(requestStream), requestStream));
  return true;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Called = { readonly running: RunningInterceptor; readonly exchange: Exchange };

/** request(url, xml, callback, headers, options, client) */
const observedRequest = (request: object & { readonly length: number }): Method =>
  function (this: unknown, ...args) {
    const callback = args[2];
    const called = typeof callback === 'function' ? begin(args, 3) : null;
    if (called === null || typeof callback !== 'function') return apply(request, this, args);
    args[2] = function (this: unknown, ...results: unknown[]): unknown {
      settle(called, results);
      return Reflect.apply(callback, this, results);
    };
    return finishIfThrown(called, () => apply(request, this, args));
  };

/** requestStream(url, xml, headers, options, client), a promise of a response whose data is a stream. */
const observedStream = (requestStream: object): Method =>
  function (this: unknown, ...args) {
    const called = begin(args, 2);
    if (called === null) return apply(requestStream, this, args);
    const promised = finishIfThrown(called, () => apply(requestStream, this, args));
    if (!(promised instanceof Promise)) return promised;
    const { running, exchange } = called;
    return promised.then(
      (response: unknown) => {
        running.core.guard.run(() => followStream(running, exchange, response));
        return response;
      },
      (error: unknown) => {
        settle(called, [error]);
        throw error;
      },
    );
  };

/** Null: not observed. Where the process is patched, the HTTP below is. */
function begin(args: unknown[], headersAt: number): Called | null {
  const running = findRunning();
  if (running === null || running.isPatched()) return null;
  const exchange = running.core.guard.value(() => beginCall(running, args[0], args[1], args[headersAt])) ?? null;
  if (exchange === null) return null;
  args[headersAt] = passedHeaders(exchange, args[headersAt]);
  return { running, exchange };
}

function settle({ running, exchange }: Called, [error, response, body]: unknown[]): void {
  running.core.guard.run(() => settleCall(running, exchange, error, response, body));
}

function finishIfThrown(called: Called, work: () => unknown): unknown {
  let isThrown = true;
  try {
    const result = work();
    isThrown = false;
    return result;
  } finally {
    if (isThrown) settle(called, [new Error('the client threw')]);
  }
}

const apply = (method: object, self: unknown, args: unknown[]): unknown =>
  typeof method === 'function' ? Reflect.apply(method, self, args) : undefined;

function resembling(replacement: Method, method: { readonly name: string; readonly length: number }): Method {
  resemble(replacement, method);
  return replacement;
}

const define = (owner: object, name: string | symbol, value: unknown): void => {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
};
