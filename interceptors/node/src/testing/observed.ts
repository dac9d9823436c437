import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type Interceptor, type InterceptorSettings, monitorSoap } from '../interceptor.ts';
import { type FakeMonitor, startFakeMonitor } from './fake-monitor.ts';

/** What a test opened is closed after it, the last first. */
export function createClosers(): (close: () => unknown) => void {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return (close) => {
    closers.push(close);
  };
}

export interface Observed {
  readonly monitor: FakeMonitor;
  readonly interceptor: Interceptor;
}

/** This process observed, reporting to a fake monitor. */
export async function observe(
  whenDone: (close: () => unknown) => void,
  settings: InterceptorSettings = {},
): Promise<Observed> {
  const monitor = await startFakeMonitor();
  whenDone(() => monitor.close());
  const interceptor = monitorSoap({ monitor: monitor.url, name: 'n', machine: 'm', key: 'secret', ...settings });
  whenDone(() => interceptor.close());
  return { monitor, interceptor };
}

/** Listens on a free port; gives the base URL. */
export async function listen(whenDone: (close: () => unknown) => void, server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** One SOAP call by hand over node:http. */
export function call(
  url: string,
  body: string | Buffer,
  options: http.RequestOptions = {},
  headers: http.OutgoingHttpHeaders = { 'content-type': 'text/xml; charset=utf-8' },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
