import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Agent, Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import type { FakeMonitor } from './testing/fake-monitor.ts';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const text = greetRequest('ada');
const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:greeter#greet"' };

const answers: http.RequestListener = (request, response) =>
  void request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(text));

async function service(handler: http.RequestListener = answers) {
  const { monitor, interceptor } = await observe(whenDone);
  whenDone(() => expect(interceptor.counters().failures).toBe(0));
  const url = await listen(whenDone, http.createServer(handler));
  return { url: `${url}/s`, monitor, interceptor };
}

const bothHalves = async (monitor: FakeMonitor) => {
  await monitor.until((m) => m.ended('client').length >= 1 && m.ended('server').length >= 1);
  expect(monitor.wrongs).toEqual([]);
  return { client: monitor.ended('client')[0], server: monitor.ended('server')[0] };
};

// Node's own copy of undici is loaded by its first fetch, and keeps the dispatcher that all copies use. The package, loaded
// after it, has its own classes all the same.
await fetch('data:,');
const ownAgent: Agent = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
const undici = await import('undici');
const packageAgent = new undici.Agent();

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
// Each copy takes the other's dispatchers; their types do not.
const fetchOver =
  (fetched: unknown, dispatcher: Dispatcher): Fetch =>
  (url, init) =>
    (fetched as Fetch)(url, { ...init, dispatcher } as RequestInit);
const copies: [string, Fetch][] = [
  ["Node's own fetch", fetchOver(fetch, ownAgent)],
  ["Node's own fetch over a dispatcher of the package", fetchOver(fetch, packageAgent)],
  ['fetch of the undici package', fetchOver(undici.fetch, packageAgent)],
];

describe.each(copies)('%s', (_name, fetched) => {
  const post = (url: string, init: RequestInit = {}) => fetched(url, { method: 'POST', headers, body: text, ...init });

  test('both halves are seen whole, and joined by their connection', async () => {
    const { url, monitor } = await service();
    const response = await post(`${url}?x=1`);
    expect(await response.text()).toBe(text);
    const { client, server } = await bothHalves(monitor);
    expect(client).toMatchObject({
      outcome: 'ok',
      status: 200,
      requestBytes: text.length,
      replyBytes: text.length,
      call: {
        address: new URL(url).host,
        path: '/s',
        operation: { namespace: 'urn:greeter', name: 'greet' },
        action: 'urn:greeter#greet',
      },
    });
    expect(client?.connection).not.toBeNull();
    expect([client?.connection, client?.ordinal]).toEqual([server?.connection, server?.ordinal]);
    const { requestLast, replyFirst, replyLast, end } = client ?? {};
    expect(requestLast).toBeLessThanOrEqual(replyFirst ?? -1);
    expect(replyFirst).toBeLessThanOrEqual(replyLast ?? -1);
    expect(replyLast).toBe(end);
  });

  test('every request on a connection counts, and what is no SOAP is noise', async () => {
    const { url, monitor } = await service();
    for (const step of [1, 2, 3]) {
      await (await fetched(`${url}?wsdl`, {})).text();
      await (
        await fetched(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      ).text();
      await (await post(`${url}${step}`)).text();
    }
    await monitor.until((m) => m.ended().length >= 6);
    expect(monitor.ended()).toHaveLength(6);
    const ends = (role: 'client' | 'server') =>
      monitor.ended(role).map((row) => `${row.call.path} ${JSON.stringify(row.connection)} ${row.ordinal}`);
    expect(ends('client')).toEqual(ends('server'));
    expect(monitor.ended('client').some((row) => (row.ordinal ?? 0) > 1)).toBe(true);
    await monitor.until((m) => (m.reports.at(-1)?.header.counters.noise ?? 0) >= 12);
  });

  test('a fault, an HTTP error and a one-way answer are what they are', async () => {
    const fault =
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode>' +
      '<faultstring>sorry</faultstring></s:Fault></s:Body></s:Envelope>';
    const { url, monitor } = await service((request, response) => {
      request.resume().on('end', () => {
        const [status, body] = (
          { '/1': [500, fault], '/2': [404, 'not here'], '/3': [202, ''] } as Record<string, [number, string]>
        )[request.url ?? ''] ?? [500, ''];
        response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
      });
    });
    const base = new URL(url).origin;
    for (const path of ['/1', '/2', '/3']) await (await post(base + path)).text();
    await monitor.until((m) => m.ended().length >= 6);
    for (const role of ['client', 'server'] as const)
      expect(monitor.ended(role).map((row) => [row.outcome, row.fault?.reason, row.ordinal])).toEqual([
        ['fault', 'sorry', monitor.ended(role)[0]?.ordinal],
        ['httpError', undefined, monitor.ended(role)[1]?.ordinal],
        ['oneWay', undefined, monitor.ended(role)[2]?.ordinal],
      ]);
  });

  test('a compressed reply is seen as on the wire, and read', async () => {
    const packed = gzipSync(text);
    const { url, monitor } = await service((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(500, { 'content-type': 'text/xml', 'content-encoding': 'gzip' }).end(packed);
      });
    });
    expect(await (await post(url)).text()).toBe(text);
    const { client } = await bothHalves(monitor);
    expect(client).toMatchObject({ replyBytes: packed.byteLength, status: 500 });
  });

  test('a streamed body is counted whole', async () => {
    const { url, monitor } = await service();
    const big = greetRequest('x'.repeat(200_000));
    const body = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < big.length; at += 10_000)
          controller.enqueue(new TextEncoder().encode(big.slice(at, at + 10_000)));
        controller.close();
      },
    });
    // `duplex` is not in every version of the type.
    const init = { body, duplex: 'half' } as RequestInit;
    await (await post(url, init)).text();
    const { client, server } = await bothHalves(monitor);
    expect([client?.requestBytes, server?.requestBytes]).toEqual([big.length, big.length]);
    expect(client?.call.operation?.name).toBe('greet');
  });

  test('AbortSignal.timeout is a timeout, abort() is none', async () => {
    const { url, monitor, interceptor } = await service((request) => {
      request.resume();
      if (request.url === '/s2') controller.abort();
    });
    const controller = new AbortController();
    // Long enough to be connected: fetch tells a limit that passes before as a plain abort.
    await expect(post(url, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    await expect(post(`${url}2`, { signal: controller.signal })).rejects.toThrow();
    await monitor.until((m) => m.ended('server').length >= 2);
    await interceptor.close();
    expect(monitor.ended('client').map((row) => [row.outcome, row.status])).toEqual([
      ['timeout', 0],
      ['aborted', 0],
    ]);
    expect(monitor.ended('server').map((row) => row.outcome)).toEqual(['aborted', 'aborted']);
  });

  test('a reply that breaks off is aborted', async () => {
    const { url, monitor, interceptor } = await service((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '999' });
        response.write(text.slice(0, 20), () => response.destroy());
      });
    });
    await expect(post(url).then((response) => response.text())).rejects.toThrow();
    await interceptor.close();
    expect(monitor.ended('client')[0]).toMatchObject({ outcome: 'aborted', status: 200, replyBytes: 20 });
  });

  test('no connection is refused', async () => {
    const { monitor, interceptor } = await observe(whenDone);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(post(`http://127.0.0.1:${port}/bank`)).rejects.toThrow();
    await interceptor.close();
    expect(monitor.ended('client')[0]).toMatchObject({
      outcome: 'refused',
      connection: null,
      call: { address: `127.0.0.1:${port}`, path: '/bank' },
    });
  });

  test('a call made while serving knows what it serves, also over a connection that another call opened', async () => {
    const { monitor } = await observe(whenDone);
    const inner = await listen(whenDone, http.createServer(answers));
    const outer = await listen(
      whenDone,
      http.createServer(async (request, response) => {
        for await (const _ of request);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await (await post(`${inner}${request.url}`)).text();
        response.end(text);
      }),
    );
    await Promise.all(['/a', '/b', '/c'].map((path) => call(outer + path, text)));
    await Promise.all(['/d', '/e', '/f'].map((path) => call(outer + path, text)));
    await monitor.until((m) => m.ended().length >= 24);
    const calls = monitor.ended('client').filter((row) => row.call.address === new URL(inner).host);
    expect(calls).toHaveLength(6);
    for (const inside of calls) {
      const served = monitor.ended('server').find((row) => row.exchangeNo === inside.parentNo);
      expect(served?.call.path).toBe(inside.call.path);
    }
  });
});

const AgentOfNode = ownAgent.constructor as typeof Agent;
describe.each<[string, (url: string, dispatcher: Dispatcher) => Promise<string>, typeof Agent]>([
  [
    "Node's own fetch",
    async (url, agent) => (await fetchOver(fetch, agent)(url, { method: 'POST', headers, body: text })).text(),
    AgentOfNode,
  ],
  [
    'fetch of the undici package',
    async (url, agent) => (await fetchOver(undici.fetch, agent)(url, { method: 'POST', headers, body: text })).text(),
    undici.Agent,
  ],
  [
    'undici.request',
    async (url, dispatcher) =>
      (await undici.request(url, { method: 'POST', headers, body: text, dispatcher })).body.text(),
    undici.Agent,
  ],
])('%s through a pool of few connections', (_name, send, OwnAgent) => {
  test('a call that waited in its queue knows what it serves all the same', async () => {
    const { monitor } = await observe(whenDone);
    const slow: http.RequestListener = (request, response) =>
      void request.resume().on('end', () => setTimeout(() => response.end(text), 2));
    const inner = await listen(whenDone, http.createServer(slow));
    const agent = new OwnAgent({ connections: 2 });
    whenDone(() => agent.destroy());
    const outer = await listen(
      whenDone,
      http.createServer(async (request, response) => {
        for await (const _ of request);
        await send(`${inner}${request.url}`, agent);
        response.end(text);
      }),
    );
    for (const round of [1, 2])
      await Promise.all(['/a', '/b', '/c', '/d', '/e', '/f'].map((path) => call(`${outer}${path}${round}`, text)));
    await monitor.until((m) => m.ended().length >= 48);
    const paths = new Map(monitor.ended('server').map((row) => [row.exchangeNo, row.call.path]));
    const inside = monitor.ended('client').filter((row) => row.call.address === new URL(inner).host);
    expect(inside.map((row) => paths.get(row.parentNo ?? -1))).toEqual(inside.map((row) => row.call.path));
    expect(inside).toHaveLength(12);
  });
});

describe('undici without fetch', () => {
  const send = async (url: string, options: object = {}) => {
    const { statusCode, body } = await undici.request(url, { method: 'POST', headers, body: text, ...options });
    return { statusCode, body: await body.text() };
  };

  test('request, stream, pipeline and a Client of its own', async () => {
    const { url, monitor } = await service();
    const { origin, pathname } = new URL(url);
    expect((await send(url)).body).toBe(text);
    const client = new undici.Client(origin);
    whenDone(() => client.destroy());
    const { body } = await client.request({ path: pathname, method: 'POST', headers, body: Readable.from([text]) });
    expect(await body.text()).toBe(text);
    const chunks: Buffer[] = [];
    const sink = () =>
      new Writable({
        write: (chunk, _encoding, done) => {
          chunks.push(chunk);
          done();
        },
      });
    await client.stream({ path: pathname, method: 'POST', headers, body: text, opaque: null }, sink);
    expect(Buffer.concat(chunks).toString()).toBe(text);
    const duplex = client.pipeline({ path: pathname, method: 'POST', headers }, ({ body }) => body);
    duplex.end(text);
    expect((await duplex.toArray()).join('')).toBe(text);
    await monitor.until((m) => m.ended('client').length >= 4);
    for (const row of monitor.ended('client'))
      expect(row).toMatchObject({ outcome: 'ok', requestBytes: text.length, replyBytes: text.length });
  });

  test('its own time limits are timeouts', async () => {
    const { url, monitor, interceptor } = await service((request) => void request.resume());
    const agent = new undici.Agent({ headersTimeout: 50 });
    whenDone(() => agent.destroy());
    await expect(send(url, { dispatcher: agent })).rejects.toThrow();
    await interceptor.close();
    expect(monitor.ended('client')[0]).toMatchObject({ outcome: 'timeout' });
  });
});

describe('close()', () => {
  const channels = ['request:create', 'client:connected', 'client:sendHeaders', 'request:headers', 'request:error'];
  const listening = () => channels.map((name) => diagnostics.hasSubscribers(`undici:${name}`));

  test('leaves nothing of the tap in any copy of undici', async () => {
    const seen = new Set<object>([AgentOfNode, undici.Agent].map(({ prototype }) => Object.getPrototypeOf(prototype)));
    const look = (message: unknown): void =>
      void seen.add(Object.getPrototypeOf((message as { request: object }).request));
    const functions = (owner: object) =>
      Object.values(Object.getOwnPropertyDescriptors(owner)).map(({ value }) => value);
    // Seen before any tap: the prototypes as they are.
    diagnostics.subscribe('undici:request:create', look);
    const url = await listen(whenDone, http.createServer(answers));
    for (const [, fetched] of copies) await (await fetched(url, { method: 'POST', headers, body: text })).text();
    diagnostics.unsubscribe('undici:request:create', look);
    expect(seen.size).toBe(4);
    const before = [...seen].map(functions);
    expect(listening()).toEqual(channels.map(() => false));
    const { interceptor, monitor } = await observe(whenDone);
    expect(listening()).toEqual(channels.map((name) => name === 'request:create'));
    for (const [, fetched] of copies) await (await fetched(url, { method: 'POST', headers, body: text })).text();
    expect([...seen].map(functions)).not.toEqual(before);
    // Connections that were open before tell nothing.
    await monitor.until((m) => m.ended('client').length >= 3);
    expect(monitor.ended('client').map((row) => row.ordinal)).toEqual([null, null, null]);
    await interceptor.close();
    expect([...seen].map(functions)).toEqual(before);
    expect(listening()).toEqual(channels.map(() => false));
  });
});
