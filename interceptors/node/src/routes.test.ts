import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { HttpsProxyAgent } from 'https-proxy-agent';
import * as undici from 'undici';
import { describe, expect, test } from 'vitest';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

/** TLS without a certificate: no key in the repository, none to expire. */
const anonymous = { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const;
const xml = { 'content-type': 'text/xml' };

const whenDone = createClosers();
const text = greetRequest('ada');
const answers: http.RequestListener = (request, response) => void request.resume().on('end', () => response.end(text));

/** A proxy that tunnels what it is asked to CONNECT, and knows how often. */
async function startTunnel() {
  let tunnels = 0;
  // A server does not know what it tunnels: its close() would wait for ever.
  const ends = new Set<Duplex>();
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    tunnels++;
    const { hostname, port } = new URL(`http://${request.url}`);
    const through = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) ends.add(end.on('error', () => {}));
  });
  const url = await listen(whenDone, server);
  whenDone(() => {
    for (const end of ends) end.destroy();
  });
  return { url, tunnels: () => tunnels };
}

async function secure(): Promise<string> {
  const server = https.createServer(anonymous, answers);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const secureCall = (url: string, agent: http.Agent | https.Agent) =>
  new Promise<void>((resolve, reject) => {
    https
      .request(`${url}/s`, { method: 'POST', headers: xml, agent, ...anonymous }, (response) =>
        response.resume().on('end', resolve),
      )
      .on('error', reject)
      .end(text);
  });

describe('a tunnel', () => {
  const callers: Record<string, (proxy: string, url: string) => Promise<unknown>> = {
    'https-proxy-agent': (proxy, url) => {
      const agent = new HttpsProxyAgent(proxy, anonymous);
      whenDone(() => agent.destroy());
      return secureCall(url, agent);
    },
    'ProxyAgent of undici': async (proxy, url) => {
      const dispatcher = new undici.ProxyAgent({ uri: proxy, requestTls: anonymous });
      whenDone(() => dispatcher.destroy());
      const { body } = await undici.request(`${url}/s`, { method: 'POST', headers: xml, body: text, dispatcher });
      return body.text();
    },
  };
  test.each(Object.keys(callers))(
    'by %s: the call goes to the service, and the proxy’s end is no evidence',
    async (name) => {
      const { monitor, interceptor } = await observe(whenDone);
      const proxy = await startTunnel();
      const url = await secure();
      await callers[name]?.(proxy.url, url);
      expect(proxy.tunnels()).toBe(1);
      await monitor.until((m) => m.ended().length >= 2);
      expect(monitor.ended('client')).toMatchObject([
        { outcome: 'ok', connection: null, ordinal: null, call: { address: new URL(url).host, path: '/s' } },
      ]);
      expect(monitor.ended('server')).toMatchObject([{ ordinal: 0, connection: { server: new URL(url).host } }]);
      expect(interceptor.counters().failures).toBe(0);
    },
  );
});

test('over TLS undici’s connections are evidence as any', async () => {
  const { monitor } = await observe(whenDone);
  const url = await secure();
  const client = new undici.Client(url, { connect: anonymous });
  whenDone(() => client.destroy());
  for (let round = 0; round < 2; round++) {
    const { body } = await client.request({ path: '/s', method: 'POST', headers: xml, body: text });
    await body.text();
  }
  await monitor.until((m) => m.ended().length >= 4);
  const ends = (role: 'client' | 'server') => monitor.ended(role).map((row) => [row.connection, row.ordinal]);
  expect(ends('client')).toEqual(ends('server'));
  expect(ends('client').map(([, ordinal]) => ordinal)).toEqual([0, 1]);
});

test('through a forward proxy that is given the whole URL, both of its halves name the service and its path', async () => {
  const { monitor } = await observe(whenDone);
  const service = await listen(whenDone, http.createServer(answers));
  const proxy = await listen(
    whenDone,
    http.createServer((request, response) => {
      const onward = http.request(request.url ?? '', { method: 'POST', headers: request.headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 0, reply.headers);
        reply.pipe(response);
      });
      request.pipe(onward);
    }),
  );
  await call(proxy, text, { path: `${service}/s?x=1` }, { ...xml, host: new URL(service).host });
  await monitor.until((m) => m.ended().length >= 4);
  expect(monitor.ended().map((row) => row.call.path)).toEqual(['/s', '/s', '/s', '/s']);
  expect(monitor.ended('client').map((row) => row.call.address)).toEqual(Array(2).fill(new URL(service).host));
  const [toProxy, onward] = monitor.ended('client');
  const [atProxy, atService] = monitor.ended('server');
  expect(toProxy?.connection).toEqual(atProxy?.connection);
  expect(onward?.connection).toEqual(atService?.connection);
  expect(onward?.parentNo).toBe(atProxy?.exchangeNo);
});

test.skipIf(process.platform === 'win32')(
  'a socket in the file system is its own address and no connection',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
    whenDone(() => rmSync(folder, { recursive: true }));
    const socketPath = join(folder, 's.sock');
    const { monitor, interceptor } = await observe(whenDone);
    const server = http.createServer(answers);
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    whenDone(() => new Promise((resolve) => server.close(resolve)));
    await call('http://localhost/s', text, { socketPath, agent: false });
    const dispatcher = new undici.Agent({ connect: { socketPath } });
    whenDone(() => dispatcher.destroy());
    const { body } = await undici.request('http://localhost/s', {
      method: 'POST',
      headers: xml,
      body: text,
      dispatcher,
    });
    await body.text();
    await monitor.until((m) => m.ended().length >= 4);
    expect(monitor.ended('client').map((row) => [row.call.address, row.call.path, row.connection])).toEqual([
      [`unix:${socketPath}`, '/s', null],
      ['localhost:80', '/s', null],
    ]);
    expect(monitor.ended('server').map((row) => [row.outcome, row.connection])).toEqual([
      ['ok', null],
      ['ok', null],
    ]);
    expect(
      monitor.reports.at(-1)?.header.listeners.filter(({ port }) => port !== Number(new URL(monitor.url).port)),
    ).toEqual([]);
    expect(interceptor.counters().failures).toBe(0);
  },
);
