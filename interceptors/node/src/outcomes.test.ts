import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { ReportedRow } from '@soa-monitor/protocol';
import axios from 'axios';
import { describe, expect, test } from 'vitest';
import type { FakeMonitor } from './testing/fake-monitor.ts';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const text = greetRequest('ada');
const fault =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode>' +
  '<faultstring>sorry</faultstring></s:Fault></s:Body></s:Envelope>';

const read = async (request: http.IncomingMessage): Promise<void> => {
  for await (const _ of request);
};

async function service(handler: http.RequestListener): Promise<{ url: string; monitor: FakeMonitor }> {
  const { monitor } = await observe(whenDone);
  const url = await listen(whenDone, http.createServer(handler));
  return { url: `${url}/s`, monitor };
}

async function bothHalves(
  monitor: FakeMonitor,
): Promise<{ client: ReportedRow | undefined; server: ReportedRow | undefined }> {
  await monitor.until((m) => m.ended('client').length >= 1 && m.ended('server').length >= 1);
  expect(monitor.wrongs).toEqual([]);
  return { client: monitor.ended('client')[0], server: monitor.ended('server')[0] };
}

describe('both sides tell how it ended', () => {
  const xml = { 'content-type': 'text/xml' };
  const cases: [
    string,
    { body?: string | Buffer; status?: number; reply?: string; headers?: http.OutgoingHttpHeaders },
    string,
  ][] = [
    ['ok', {}, 'ok'],
    ['one-way', { status: 202, reply: '' }, 'oneWay'],
    ['one-way with status 200', { reply: '' }, 'oneWay'],
    ['a fault', { status: 500, reply: fault }, 'fault'],
    ['a fault with status 200', { reply: fault }, 'fault'],
    ['an HTTP error', { status: 503, reply: 'busy', headers: { 'content-type': 'text/plain' } }, 'httpError'],
    ['a stack trace', { status: 200, reply: 'Error: x\n  at y' }, 'httpError'],
    ['malformed XML and a fault', { body: '<a><b></a>', status: 500, reply: fault }, 'malformed'],
    [
      'malformed XML and a stack trace',
      { body: `${text.slice(0, -5)}`, reply: 'Error: Unclosed root tag' },
      'malformed',
    ],
    ['an empty body', { body: '', status: 500, reply: 'Error' }, 'malformed'],
    ['a DOCTYPE that is refused', { body: `<!DOCTYPE a>${text}`, status: 500, reply: fault }, 'malformed'],
    ['a DOCTYPE that is taken', { body: `<!DOCTYPE a>${text}` }, 'ok'],
    ['a good request that is refused', { status: 500, reply: 'Error: operation not found' }, 'httpError'],
    ['UTF-16', { body: Buffer.from(`\ufeff${text}`, 'utf16le') }, 'ok'],
    [
      'UTF-16 cut in the middle, and a fault',
      { body: Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, 300), status: 500, reply: fault },
      'malformed',
    ],
  ];
  test.each(cases)('%s', async (_what, { body = text, status = 200, reply = text, headers = xml }, outcome) => {
    const { url, monitor } = await service(async (request, response) => {
      await read(request);
      response.writeHead(status, headers).end(reply);
    });
    await call(url, body);
    const { client, server } = await bothHalves(monitor);
    for (const half of [client, server]) {
      expect(half).toMatchObject({ outcome, status, requestBytes: Buffer.byteLength(body), replyBytes: reply.length });
    }
    expect(client?.fault).toEqual(server?.fault);
    expect(client?.call.operation).toEqual(server?.call.operation);
  });
});

test('times lie in order on each side, and the server’s within the client’s', async () => {
  const { url, monitor } = await service(async (request, response) => {
    await read(request);
    setTimeout(() => response.end(text), 30);
  });
  await call(url, text);
  const { client, server } = await bothHalves(monitor);
  for (const half of [client, server]) {
    const { requestLast, replyFirst, replyLast, end } = half ?? {};
    expect(requestLast).toBeLessThanOrEqual(replyFirst ?? -1);
    expect(replyFirst).toBeLessThanOrEqual(replyLast ?? -1);
    expect(replyLast).toBeLessThanOrEqual(end ?? -1);
    expect(replyFirst).toBeGreaterThan(25_000);
  }
  expect(client?.start).toBeLessThanOrEqual(server?.start ?? 0);
  expect((client?.start ?? 0) + (client?.end ?? 0)).toBeGreaterThanOrEqual(
    (server?.start ?? 0) + (server?.replyFirst ?? 0),
  );
  expect(Math.abs((client?.start ?? 0) / 1_000 - Date.now())).toBeLessThan(10_000);
});

describe('the caller’s time limit', () => {
  const never: http.RequestListener = (request) => void request.resume();
  const callers: Record<string, (url: string) => Promise<unknown>> = {
    'http timeout and destroy': (url) =>
      new Promise((_resolve, reject) => {
        const request = http.request(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, timeout: 40 });
        request
          .on('timeout', () => request.destroy())
          .on('error', reject)
          .end(text);
      }),
    axios: (url) => axios.post(url, text, { headers: { 'content-type': 'text/xml' }, timeout: 40 }),
    'axios with clarified errors': (url) =>
      axios.post(url, text, {
        headers: { 'content-type': 'text/xml' },
        timeout: 40,
        transitional: { clarifyTimeoutError: true },
      }),
    'AbortSignal.timeout': (url) => call(url, text, { signal: AbortSignal.timeout(40) }),
  };
  test.each(Object.keys(callers))('%s: timeout for the client, aborted for the server', async (name) => {
    const { url, monitor } = await service(never);
    await expect(callers[name]?.(url)).rejects.toThrow();
    const { client, server } = await bothHalves(monitor);
    expect(client).toMatchObject({ outcome: 'timeout', status: 0, replyBytes: 0, replyFirst: null });
    expect(server).toMatchObject({ outcome: 'aborted' });
    expect(client?.connection).toEqual(server?.connection);
    expect(client?.connection).not.toBeNull();
  });
  test('that passes in the middle of the reply is a timeout too', async () => {
    const { url, monitor } = await service((request, response) => {
      request.resume();
      response.write(text.slice(0, 20));
    });
    await expect(axios.post(url, text, { headers: { 'content-type': 'text/xml' }, timeout: 60 })).rejects.toThrow();
    const { client } = await bothHalves(monitor);
    expect(client).toMatchObject({ outcome: 'timeout', status: 200, replyBytes: 20 });
  });
  test('that passes without consequence is none', async () => {
    const { url, monitor } = await service((request, response) => {
      request.resume();
      setTimeout(() => response.end(text), 60);
    });
    await call(url, text, { timeout: 20 });
    expect((await bothHalves(monitor)).client).toMatchObject({ outcome: 'ok' });
  });
});

describe('lost connections', () => {
  test('the client that goes away: aborted on both sides', async () => {
    const { url, monitor } = await service((request) => void request.resume());
    const request = http
      .request(url, { method: 'POST', headers: { 'content-type': 'text/xml' } })
      .on('error', () => {});
    request.end(text);
    request.on('finish', () => setTimeout(() => request.destroy(), 20));
    const { client, server } = await bothHalves(monitor);
    expect(client).toMatchObject({ outcome: 'aborted' });
    expect(server).toMatchObject({ outcome: 'aborted', call: { operation: { name: 'greet' } } });
  });
  test('the server that breaks off before or in its reply: aborted on both sides', async () => {
    const { url, monitor } = await service(async (request, response) => {
      await read(request);
      if (request.url?.endsWith('2'))
        await new Promise<void>((sent) => response.write(text.slice(0, 20), () => sent()));
      response.destroy();
    });
    await expect(call(`${url}1`, text)).rejects.toThrow();
    await expect(call(`${url}2`, text)).rejects.toThrow();
    await monitor.until((m) => m.ended().length >= 4);
    expect(monitor.ended('client').map((row) => row.outcome)).toEqual(['aborted', 'aborted']);
    expect(monitor.ended('server').map((row) => row.outcome)).toEqual(['aborted', 'aborted']);
    expect(monitor.ended('client').map((row) => row.status)).toEqual([0, 200]);
  });
  test('a body that never comes whole: aborted, with what came', async () => {
    const { url, monitor } = await service((request) => void request.on('error', () => {}).resume());
    const socket: Socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n${text}`);
    await monitor.until((m) => m.rows().length >= 1, 'the open row');
    socket.resetAndDestroy();
    await monitor.until((m) => m.ended('server').length >= 1);
    expect(monitor.ended('server')[0]).toMatchObject({
      outcome: 'aborted',
      part: 'close',
      requestBytes: text.length,
      requestLast: null,
    });
  });
  test('pipelined requests that Node never announces the end of are ended all the same', async () => {
    const { url, monitor } = await service((request) => void request.resume());
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    const one = `POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    socket.write(one + one + one);
    await monitor.until((m) => m.rows().length >= 3);
    socket.destroy();
    await monitor.until((m) => m.ended('server').length >= 3);
    expect(monitor.ended('server').map((row) => [row.ordinal, row.outcome])).toEqual([
      [0, 'aborted'],
      [1, 'aborted'],
      [2, 'aborted'],
    ]);
  });
});

describe('no connection', () => {
  test.each([
    [
      'nobody listens',
      async () => {
        const server = net.createServer();
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        await new Promise((resolve) => server.close(resolve));
        return `127.0.0.1:${port}`;
      },
    ],
    ['no such host', async () => 'no-such-host.invalid:80'],
  ])('%s: refused, with the address as called', async (_what, find) => {
    const { monitor } = await observe(whenDone);
    const address = await find();
    await expect(call(`http://${address}/bank?x=1`, text)).rejects.toThrow();
    await expect(
      // Another message: the same one would be another attempt.
      axios.post(`http://${address}/bank`, greetRequest('bob'), { headers: { 'content-type': 'text/xml' } }),
    ).rejects.toThrow();
    await monitor.until((m) => m.ended('client').length >= 2);
    for (const row of monitor.ended('client'))
      expect(row).toMatchObject({
        outcome: 'refused',
        status: 0,
        connection: null,
        ordinal: null,
        call: { address, path: '/bank', operation: { name: 'greet' } },
      });
  });
});

test('a call in flight is reported as open, and completed by its end under the same start', async () => {
  let release: () => void = () => {};
  const { url, monitor } = await service(async (request, response) => {
    await read(request);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    response.end(text);
  });
  const pending = call(url, text);
  await monitor.until((m) => m.rows().length === 2);
  const open = monitor.rows();
  expect(open.map((row) => [row.part, row.outcome, row.end, row.call.operation?.name])).toEqual([
    ['open', null, null, 'greet'],
    ['open', null, null, 'greet'],
  ]);
  expect(open.every((row) => row.connection !== null && row.ordinal === 0)).toBe(true);
  release();
  await pending;
  await monitor.until((m) => m.ended().length === 2);
  for (const close of monitor.ended()) {
    const its = open.find((row) => row.exchangeNo === close.exchangeNo);
    expect(close).toMatchObject({ part: 'close', start: its?.start, outcome: 'ok', role: its?.role });
  }
});

test('a 50 MB body passes whole, is counted whole, and costs little memory', async () => {
  const { url, monitor } = await service(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    response.end(`<bytes>${bytes}</bytes>`);
  });
  const body = Buffer.from(greetRequest('x'.repeat(50_000_000)));
  const reply = await call(url, body);
  expect(reply.body).toBe(`<bytes>${body.length}</bytes>`);
  const { client, server } = await bothHalves(monitor);
  expect([client?.requestBytes, server?.requestBytes]).toEqual([body.length, body.length]);
  expect(server?.call.operation?.name).toBe('greet');
});
