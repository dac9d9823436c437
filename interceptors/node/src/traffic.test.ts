import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { monitorSoap } from './interceptor.ts';
import { startFakeMonitor } from './testing/fake-monitor.ts';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

/** TLS without a certificate: no key in the repository, none to expire. */
const anonymous = { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;

const whenDone = createClosers();
const text = greetRequest('ada');
const answers: http.RequestListener = (request, response) => void request.resume().on('end', () => response.end(text));

describe('what is SOAP', () => {
  test.each<[string, http.OutgoingHttpHeaders, string, boolean]>([
    ['text/xml', { 'content-type': 'text/xml' }, text, true],
    ['application/soap+xml', { 'content-type': 'application/soap+xml; charset=utf-8' }, text, true],
    ['application/xml with an Envelope', { 'content-type': 'application/xml' }, text, true],
    ['application/xml with another root', { 'content-type': 'application/xml' }, '<order/>', false],
    ['a SOAPAction, whatever the type', { 'content-type': 'application/octet-stream', SOAPAction: '""' }, text, true],
    [
      'multipart/related of XOP',
      { 'content-type': 'multipart/related; type="application/xop+xml"; boundary=b' },
      '',
      true,
    ],
    ['multipart/form-data', { 'content-type': 'multipart/form-data; boundary=b' }, text, false],
    ['JSON', { 'content-type': 'application/json' }, '{}', false],
    ['no type', {}, text, false],
  ])('%s', async (_what, headers, body, isSoap) => {
    const { monitor, interceptor } = await observe(whenDone);
    const url = await listen(whenDone, http.createServer(answers));
    await call(url, body, {}, headers);
    await call(url, text);
    await monitor.until((m) => m.ended().length >= (isSoap ? 4 : 2));
    expect(monitor.ended()).toHaveLength(isSoap ? 4 : 2);
    expect(interceptor.counters().noise).toBeGreaterThanOrEqual(isSoap ? 0 : 2);
  });
});

test('reads the action from SOAPAction, the parameter, or WS-Addressing, and the ids, as found', async () => {
  const { monitor } = await observe(whenDone);
  const url = await listen(whenDone, http.createServer(answers));
  const wsa =
    '<soap:Header xmlns:w="http://www.w3.org/2005/08/addressing"><w:MessageID>urn:uuid:1</w:MessageID><w:RelatesTo>urn:uuid:0</w:RelatesTo>' +
    '<w:Action>urn:go</w:Action></soap:Header>';
  const addressed = text.replace('<soap:Body>', `${wsa}<soap:Body>`);
  await call(url, addressed, {}, { 'content-type': 'text/xml', soapaction: "'urn:quoted'", traceparent: '00-a-b-01' });
  await call(url, addressed, {}, { 'content-type': 'application/soap+xml; action="urn:parameter"' });
  await call(url, addressed, {}, { 'content-type': 'text/xml', soapaction: '""' });
  await call(url, text, {}, { 'content-type': 'text/xml' });
  await monitor.until((m) => m.ended().length >= 8);
  for (const role of ['server', 'client'] as const) {
    expect(monitor.ended(role).map(({ call: { action, actionSource } }) => [action, actionSource])).toEqual([
      ['urn:quoted', 'soapAction'],
      ['urn:parameter', 'parameter'],
      ['urn:go', 'wsa'],
      [undefined, undefined],
    ]);
    const ids = { messageId: 'urn:uuid:1', relatesTo: 'urn:uuid:0' };
    expect(monitor.ended(role).map((row) => row.ids)).toEqual([{ ...ids, traceparent: '00-a-b-01' }, ids, ids, null]);
  }
});

describe('connections', () => {
  test('every HTTP request on a connection counts, on both sides alike', async () => {
    const { monitor } = await observe(whenDone);
    const url = await listen(whenDone, http.createServer(answers));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    whenDone(() => agent.destroy());
    await call(`${url}/a`, text, { agent });
    await call(`${url}/noise`, '', { agent, method: 'GET' }, {});
    await call(`${url}/json`, '{}', { agent }, { 'content-type': 'application/json' });
    await call(`${url}/b`, text, { agent }, { 'content-type': 'text/xml', expect: 'miracles' });
    await call(`${url}/c`, text, { agent });
    await call(`${url}/d`, text, { agent }, { 'content-type': 'text/xml', expect: '100-continue' });
    await monitor.until((m) => m.ended('server').length >= 3 && m.ended('client').length >= 4);
    const ordinals = (role: 'server' | 'client') => monitor.ended(role).map((row) => `${row.call.path} ${row.ordinal}`);
    expect(ordinals('server')).toEqual(['/a 0', '/c 4', '/d 5']);
    expect(ordinals('client')).toEqual(['/a 0', '/b 3', '/c 4', '/d 5']);
    const ends = new Set(monitor.ended().map((row) => JSON.stringify(row.connection)));
    expect(ends.size).toBe(1);
  });

  test('a connection whose beginning was not seen is no evidence', async () => {
    const server = http.createServer(answers);
    const url = await listen(whenDone, server);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    whenDone(() => agent.destroy());
    await call(url, text, { agent });
    const { monitor } = await observe(whenDone);
    await call(url, text, { agent });
    await call(url, text);
    await monitor.until((m) => m.ended().length >= 4);
    for (const role of ['server', 'client'] as const) {
      expect(monitor.ended(role)[0]).toMatchObject({ connection: null, ordinal: null });
      expect(monitor.ended(role)[1]).toMatchObject({ ordinal: 0, connection: { server: new URL(url).host } });
    }
    // A server that listened before is known by its first request.
    expect(monitor.reports.at(-1)?.header.listeners).toContainEqual({
      address: '127.0.0.1',
      port: Number(new URL(url).port),
      tls: false,
    });
  });

  test('over IPv6 the address stands in brackets', async () => {
    const { monitor } = await observe(whenDone);
    const server = http.createServer(answers);
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    whenDone(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    await call(`http://[::1]:${port}/s`, text, { agent: false });
    await monitor.until((m) => m.ended().length >= 2);
    const [client] = monitor.ended('client');
    expect(client).toMatchObject({ call: { address: `[::1]:${port}` }, connection: { server: `[::1]:${port}` } });
    expect(monitor.ended('server')[0]?.connection).toEqual(client?.connection);
  });

  test('a listener on all addresses sees an IPv4 caller by its IPv4 address', async () => {
    const { monitor } = await observe(whenDone);
    const server = http.createServer(answers);
    await new Promise<void>((resolve) => server.listen(0, '::', resolve));
    whenDone(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    await call(`http://127.0.0.1:${port}/s`, text, { agent: false });
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('server')[0]?.connection?.server).toBe(`127.0.0.1:${port}`);
    expect(monitor.ended('server')[0]?.connection).toEqual(monitor.ended('client')[0]?.connection);
  });

  test('TLS is observed on both sides, below the encryption of neither', async () => {
    const { monitor, interceptor } = await observe(whenDone);
    const server = https.createServer(anonymous, answers);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, ...anonymous });
    whenDone(() => new Promise((resolve) => server.close(resolve)));
    whenDone(() => agent.destroy());
    const { port } = server.address() as AddressInfo;
    const secure = (body: string, options: https.RequestOptions) =>
      new Promise<void>((resolve, reject) => {
        https
          .request(
            {
              host: '127.0.0.1',
              port,
              path: '/s',
              method: 'POST',
              headers: { 'content-type': 'text/xml' },
              ...options,
            },
            (response) => response.resume().on('end', resolve),
          )
          .on('error', reject)
          .end(body);
      });
    await secure(text, { agent });
    await secure(text, { agent });
    await monitor.until((m) => m.ended().length >= 4);
    for (const [i, client] of monitor.ended('client').entries()) {
      expect(client).toMatchObject({
        outcome: 'ok',
        ordinal: i,
        call: { address: `127.0.0.1:${port}`, operation: { name: 'greet' } },
      });
      expect(monitor.ended('server')[i]).toMatchObject({ ordinal: i, connection: client.connection });
    }
    expect(monitor.reports.at(-1)?.header.listeners).toContainEqual({ address: '127.0.0.1', port, tls: true });
    await expect(secure(text, { agent: false })).rejects.toThrow();
    await monitor.until((m) => m.ended('client').length >= 3);
    expect(monitor.ended('client')[2]).toMatchObject({ outcome: 'refused' });
    expect(interceptor.counters().failures).toBe(0);
  });
});

test('its own reports are not observed: an idle process stays idle', async () => {
  const { monitor, interceptor } = await observe(whenDone);
  await monitor.until((m) => m.reports.length >= 3);
  expect(monitor.rows()).toEqual([]);
  expect(interceptor.counters()).toMatchObject({ observed: 0, failures: 0 });
  expect(monitor.authorizations.every((value) => value === 'Bearer secret')).toBe(true);
});

test('a report is no part of the request during which it was made', async () => {
  const { monitor } = await observe(whenDone);
  const host = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const onRequest = (message: unknown): void => {
    const { request } = message as { request: http.ClientRequest };
    if (request.path === '/api/v1/reports') seen.push(host.getStore());
  };
  diagnostics.subscribe('http.client.request.start', onRequest);
  whenDone(() => diagnostics.unsubscribe('http.client.request.start', onRequest));
  await monitor.until((m) => m.reports.length >= 1);
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  // The first report is answered; a new listener is reported at once, from within the host's context.
  await host.run('theirs', () => listen(whenDone, http.createServer(answers)));
  await monitor.until((m) => m.reports.at(-1)?.header.listeners.length === 2);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

test('says who it is and what it listens on as soon as it listens, and when it no longer does', async () => {
  const { monitor } = await observe(whenDone, { name: 'bank', machine: 'Old Bank', advertise: 'bank.example:80' });
  const server = http.createServer(answers);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const listener = { address: '127.0.0.1', port, tls: false };
  const knows = (): boolean => JSON.stringify(monitor.reports.at(-1)?.header.listeners ?? []).includes(String(port));
  await monitor.until(knows);
  expect(monitor.reports.at(-1)?.header).toMatchObject({
    name: 'bank',
    machine: 'Old Bank',
    advertised: 'bank.example:80',
    pid: process.pid,
  });
  expect(monitor.reports.at(-1)?.header.listeners).toContainEqual(listener);
  await new Promise((resolve) => server.close(resolve));
  await monitor.until(() => !knows());
});

describe('monitorSoap()', () => {
  test('called twice gives the same interceptor', async () => {
    const { interceptor, monitor } = await observe(whenDone);
    expect(monitorSoap()).toBe(interceptor);
    expect(monitorSoap({ monitor: monitor.url, name: 'other' })).toBe(interceptor);
  });
  test('does nothing without a monitor, or with one that is no URL, and never throws', async () => {
    const emit = http.Server.prototype.emit;
    for (const settings of [
      {},
      { monitor: '' },
      { monitor: 'nonsense' },
      { monitor: 'ftp://x' },
      { monitor: 'http://x', key: 'a\nb' },
    ]) {
      const idle = monitorSoap(settings);
      expect(http.Server.prototype.emit).toBe(emit);
      expect(idle.counters()).toMatchObject({ observed: 0 });
      await idle.close();
    }
    // @ts-expect-error JavaScript callers do this
    await monitorSoap(null).close();
    // @ts-expect-error and this
    await monitorSoap({ monitor: 7, name: {}, maxQueueRows: 'many' }).close();
  });
  test('can be closed and begun again', async () => {
    const first = await observe(whenDone);
    await first.interceptor.close();
    expect(first.monitor.reports.at(-1)?.header.closing).toBe(true);
    const second = await observe(whenDone);
    const url = await listen(whenDone, http.createServer(answers));
    await call(url, text);
    await second.monitor.until((m) => m.ended().length === 2);
    expect(first.monitor.rows()).toEqual([]);
  });
});

describe('a monitor that is away', () => {
  const modes: Record<string, () => Promise<{ url: string; close: () => unknown }>> = {
    absent: async () => ({ url: 'http://127.0.0.1:9', close: () => {} }),
    hanging: async () => {
      const server = net.createServer((socket) => void socket.on('error', () => {}).resume());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
    },
    busy: async () => {
      const monitor = await startFakeMonitor();
      monitor.answerWith(() => ({ status: 503, headers: { 'retry-after': '60' } }));
      return monitor;
    },
    broken: async () => {
      const server = net.createServer((socket) => void socket.on('error', () => {}).end('nonsense\r\n\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
    },
  };
  test.each(Object.keys(modes))(
    '%s: every call succeeds, the queue keeps its bound, drops are counted',
    async (mode) => {
      const away = await modes[mode]?.();
      whenDone(() => away?.close());
      const interceptor = monitorSoap({ monitor: away?.url, key: 'k', name: 'n', maxQueueRows: 50 });
      const url = await listen(whenDone, http.createServer(answers));
      const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
      whenDone(() => agent.destroy());
      const replies = await Promise.all(Array.from({ length: 300 }, () => call(url, text, { agent })));
      expect(replies.every(({ status, body }) => status === 200 && body === text)).toBe(true);
      const { observed, queued, inTransit, dropped, acknowledged, failures } = interceptor.counters();
      expect(observed).toBeGreaterThanOrEqual(600);
      expect(queued).toBeLessThanOrEqual(50);
      expect(acknowledged + queued + inTransit + (dropped.queueFull ?? 0)).toBe(observed);
      expect(failures).toBe(0);
      const begun = performance.now();
      await interceptor.close();
      expect(performance.now() - begun).toBeLessThan(4_000);
    },
  );

  test('that comes back gets what is queued, once, under the same numbers', async () => {
    const { monitor } = await observe(whenDone);
    let refusals = 0;
    monitor.answerWith(() => (refusals++ < 1 ? { status: 503 } : 'accept'));
    const url = await listen(whenDone, http.createServer(answers));
    await call(url, text);
    await call(url, text);
    await monitor.until((m) => m.ended().length === 4);
    expect(
      monitor
        .rows()
        .map((row) => row.rowSeq)
        .sort(),
    ).toEqual([0, 1, 2, 3]);
    expect(monitor.wrongs).toEqual([]);
  });
});

test('a failure inside the interceptor is counted, and the message passes', async () => {
  const { interceptor } = await observe(whenDone);
  const server = http.createServer(answers);
  const url = await listen(whenDone, server);
  const { port } = new URL(url);
  server.emit('close');
  server.address = () => {
    throw new Error('hostile');
  };
  expect((await call(`http://127.0.0.1:${port}`, text)).body).toBe(text);
  expect(interceptor.counters().failures).toBeGreaterThan(0);
});
