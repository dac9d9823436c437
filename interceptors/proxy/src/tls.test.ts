import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import type { RouteSettings } from './proxy.ts';
import { makeCertificates } from './testing/certificates.ts';
import { playCaller } from './testing/peer.ts';
import { createClosers, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();
const certificates = makeCertificates();
afterAll(() => certificates.remove());
const { server, client, ca } = certificates;

const body =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:t"/></s:Body></s:Envelope>';

/** A service over TLS that wants a client's certificate, and says whose it was. */
async function secureService(): Promise<number> {
  const service = https.createServer({ ...server, ca, requestCert: true }, (request, response) => {
    const { subject } = (request.socket as tls.TLSSocket).getPeerCertificate();
    request.resume().on('end', () => response.setHeader('content-type', 'text/xml').end(subject.CN));
  });
  service.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  whenDone(() => {
    service.closeAllConnections();
    return new Promise((resolve) => service.close(resolve));
  });
  return (service.address() as AddressInfo).port;
}

const secureRoute = (port: number, change: Partial<RouteSettings['target']> = {}): RouteSettings => {
  const route = routeTo(port, { tls: { ...server, ca }, probeMillis: 3_600_000 });
  const target = { ...route.target, hostname: 'localhost', isTls: true, tls: { ...client, ca }, ...change };
  return { ...route, target };
};

function call(port: number, options: https.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/xml' };
    const request = https.request(
      { port, host: 'localhost', method: 'POST', agent: false, headers, ca, ...options },
      (response) => {
        let text = `${response.statusCode} `;
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

test('TLS to both sides, each asking the other for its certificate', async () => {
  const { monitor, port } = await proxied(whenDone, [secureRoute(await secureService())]);
  expect(await call(port, client)).toBe('200 client');
  await monitor.until((m) => m.ended().length === 1 && m.reports.at(-1)?.header.listeners[0]?.behind?.state === 'up');
  expect(monitor.reports.at(-1)?.header.listeners[0]).toMatchObject({
    tls: true,
    behind: { state: 'up', detail: 'TLS handshake accepted' },
  });
  expect(monitor.ended()[0]?.connection?.server).toBe(`127.0.0.1:${port}`);
});

test('a caller without a certificate of that authority is not let in', async () => {
  const { port } = await proxied(whenDone, [secureRoute(await secureService())]);
  await expect(call(port, {})).rejects.toThrow();
});

test('a target whose certificate is none of ours is a 502 that says so, unless any is taken', async () => {
  const service = await secureService();
  const strange = secureRoute(service, { tls: { ...client, ca: null } });
  const { monitor, port } = await proxied(whenDone, [strange]);
  expect(await call(port, client)).toMatch(/^502 soa-monitor-proxy: .* cannot be reached: .*certificate/);
  await monitor.until((m) => m.reports.at(-1)?.header.listeners[0]?.behind?.state === 'down');
  const lenient = secureRoute(service, { tls: { ...client, ca: null }, isInsecure: true });
  expect(await call((await proxied(whenDone, [lenient])).port, client)).toBe('200 client');
});

test('a half-closed connection stays open the other way, over TLS as well', async () => {
  const service = tls.createServer({ ...server, allowHalfOpen: true }, (socket) => {
    let heard = '';
    socket.on('data', (piece) => {
      heard += piece;
    });
    socket.on('end', () => socket.end(`HTTP/1.1 200 OK\r\n\r\nheard ${heard.length}`));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  whenDone(() => service.close());
  const route = secureRoute((service.address() as AddressInfo).port);
  const { port } = await proxied(whenDone, [{ ...route, tls: null, probeMillis: 0 }]);
  const caller = await playCaller(port, async (peer) => {
    peer.send('GET / HTTP/1.0\r\n\r\n');
    peer.end();
    await peer.ended();
  });
  expect((await caller.closed).bytes).toBe('HTTP/1.1 200 OK\r\n\r\nheard 18');
});
