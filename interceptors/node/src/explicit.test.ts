import { createHmac, hkdfSync } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import {
  formatPing,
  PING_ACTION,
  PING_HEADER,
  PING_KEY_INFO,
  PONG_HEADER,
  pingEnvelope,
  pingText,
} from '@soa-monitor/protocol';
import express from 'express';
import soap from 'soap';
import { describe, expect, test } from 'vitest';
import {
  type InterceptorSettings,
  monitorSoap,
  monitorSoapClient,
  monitorSoapRequests,
  soaMonitorMiddleware,
} from './interceptor.ts';
import { greeterService, greeterWsdl, greetRequest, unknownPerson } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const require = createRequire(import.meta.url);
const express4: typeof express = require('express-4');
const strong = require('strong-soap').soap;
const whenDone = createClosers();
const text = greetRequest('ada');
const greet = (who: string): string => {
  if (who === 'nobody') throw unknownPerson();
  return `hello ${who}`;
};
const answers: http.RequestListener = (request, response) => void request.resume().on('end', () => response.end(text));

/** An interceptor that patches nothing. */
const observePatchFree = (settings: InterceptorSettings = {}) => observe(whenDone, { patch: false, ...settings });

const functionsOfHttp = () =>
  [http.Server, http.IncomingMessage, http.OutgoingMessage, http.ServerResponse, http.ClientRequest].flatMap(
    ({ prototype }) => Object.values(Object.getOwnPropertyDescriptors(prototype)).map(({ value }) => value),
  );

test('patch: false replaces no function of node:http; monitorSoap() later does, and close() takes it back', async () => {
  const before = functionsOfHttp();
  const { monitor, interceptor } = await observePatchFree();
  expect(functionsOfHttp()).toEqual(before);
  const url = await listen(whenDone, http.createServer(answers));
  await call(url, text);
  expect(monitorSoap()).toBe(interceptor);
  await call(url, text);
  await monitor.until((m) => m.ended().length >= 2);
  expect(monitor.ended()).toHaveLength(2);
  await interceptor.close();
  expect(functionsOfHttp()).toEqual(before);
});

/** A greeter by `soap`, whose last request's body can be looked at. */
async function greeter() {
  const server = http.createServer();
  const url = await listen(whenDone, server);
  const address = `${url}/greeter`;
  await new Promise<void>((resolve) => {
    soap.listen(server, '/greeter', greeterService(greet), greeterWsdl(address), () => resolve());
  });
  return { address, host: new URL(url).host };
}

describe('monitorSoapClient()', () => {
  const clients: Record<string, (url: string) => Promise<(who: string) => Promise<unknown>>> = {
    soap: async (url) => {
      const client = monitorSoapClient(await soap.createClientAsync(`${url}?wsdl`, {}, url));
      return (who) => client.greetAsync({ who });
    },
    'soap with streams': async (url) => {
      const client = monitorSoapClient(await soap.createClientAsync(`${url}?wsdl`, { stream: true }, url));
      return (who) => client.greetAsync({ who });
    },
    'strong-soap': async (url) => {
      const client = await new Promise<{ greet(...args: unknown[]): void; setEndpoint(url: string): void }>((resolve) =>
        strong.createClient(`${url}?wsdl`, {}, (_error: unknown, made: never) => resolve(made)),
      );
      client.setEndpoint(url);
      monitorSoapClient(client);
      return (who) =>
        new Promise((resolve, reject) => {
          client.greet({ who }, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
        });
    },
  };
  test.each(Object.keys(clients))('%s: calls and faults are seen, with results and errors as ever', async (name) => {
    const { address, host } = await greeter();
    const { monitor, interceptor } = await observePatchFree();
    const say = await clients[name]?.(address);
    expect(JSON.stringify(await say?.('ada'))).toContain('hello ada');
    await expect(say?.('nobody')).rejects.toThrow();
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('client').map((row) => [row.outcome, row.fault?.reason, row.status])).toEqual([
      ['ok', undefined, 200],
      ['fault', 'nobody of that name', 500],
    ]);
    for (const row of monitor.ended('client'))
      expect(row).toMatchObject({
        call: { address: host, path: '/greeter', operation: { namespace: 'urn:greeter', name: 'greet' } },
        connection: null,
        ordinal: null,
      });
    expect(monitor.ended('client')[0]?.requestBytes).toBeGreaterThan(200);
    expect(monitor.ended('client')[0]?.replyBytes).toBeGreaterThan(200);
    expect(interceptor.counters().failures).toBe(0);
    expect(monitor.wrongs).toEqual([]);
  });

  test.each([
    ['gzip', { forceGzip: true }],
    ['attachments', { attachments: [{ mimetype: 'image/png', contentId: 'i', name: 'i', body: Buffer.alloc(5_000) }] }],
  ])('%s: bytes are those of the wire', async (_what, options) => {
    let bytes = 0;
    const wire = http.createServer((request, response) => {
      request.on('data', (chunk) => {
        bytes += chunk.length;
        // forceGzip declares the length of what it was before: the end never comes.
        setTimeout(() => response.writeHead(200, { 'content-type': 'text/xml' }).end(text), 20);
      });
    });
    const { address } = await greeter();
    const url = await listen(whenDone, wire);
    const { monitor } = await observePatchFree();
    const client = monitorSoapClient(await soap.createClientAsync(`${address}?wsdl`, {}, url));
    await client.greetAsync({ who: 'ada' }, options).catch(() => {});
    await monitor.until((m) => m.ended().length >= 1);
    const [row] = monitor.ended('client');
    expect(row?.requestBytes).toBe(bytes);
    expect(row?.call.operation).toEqual({ namespace: 'urn:greeter', name: 'greet' });
  });

  test('no connection is refused, and the error is the client’s own', async () => {
    const { address } = await greeter();
    const { monitor, interceptor } = await observePatchFree();
    const closed = http.createServer();
    const url = await listen(whenDone, closed);
    await new Promise((resolve) => closed.close(resolve));
    const client = monitorSoapClient(await soap.createClientAsync(`${address}?wsdl`, {}, url));
    await expect(client.greetAsync({ who: 'ada' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await interceptor.close();
    expect(monitor.ended('client')).toMatchObject([{ outcome: 'refused', call: { address: new URL(url).host } }]);
  });

  test('beside monitorSoap() nothing is counted twice, and given twice or to no client it does no harm', async () => {
    const { address } = await greeter();
    const { monitor } = await observe(whenDone);
    const client = await soap.createClientAsync(`${address}?wsdl`, {}, address);
    expect(monitorSoapClient(monitorSoapClient(client))).toBe(client);
    const stranger = { httpClient: 7 };
    expect(monitorSoapClient(stranger)).toBe(stranger);
    await client.greetAsync({ who: 'ada' });
    await client.greetAsync({ who: 'bob' });
    await monitor.until((m) => m.ended().length >= 4);
    expect(monitor.ended('client')).toHaveLength(2);
    expect(monitor.ended('client')[0]?.connection).not.toBeNull();
  });

  test('after close() a client goes on as if it had never been given', async () => {
    const { address } = await greeter();
    const { interceptor, monitor } = await observePatchFree();
    const client = monitorSoapClient(await soap.createClientAsync(`${address}?wsdl`, {}, address));
    await interceptor.close();
    expect(JSON.stringify(await client.greetAsync({ who: 'ada' }))).toContain('hello ada');
    expect(monitor.rows()).toEqual([]);
  });
});

describe.each([
  ['express 5', express],
  ['express 4', express4],
])('soaMonitorMiddleware() in %s', (_name, create) => {
  async function app(setUp: (app: express.Express) => void) {
    const own = create();
    setUp(own);
    const server = http.createServer(own);
    const url = await listen(whenDone, server);
    return { url, server };
  }

  test('sees requests and replies whole, and its server listens', async () => {
    const { monitor, interceptor } = await observePatchFree();
    const { url } = await app((own) => {
      own.use(soaMonitorMiddleware());
      own.use(create.text({ type: () => true }));
      own.post('/s', (request, response) => {
        response.type('text/xml');
        response.write(String(request.body).slice(0, 50));
        response.end(String(request.body).slice(50));
      });
    });
    const reply = await call(`${url}/s`, text, {}, { 'content-type': 'text/xml', soapaction: '"go"' });
    expect(reply.body).toBe(text);
    await call(`${url}/elsewhere`, text);
    await call(`${url}/s?wsdl`, '', { method: 'GET' }, {});
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('server')).toMatchObject([
      {
        outcome: 'ok',
        status: 200,
        requestBytes: text.length,
        replyBytes: text.length,
        connection: null,
        call: { path: '/s', action: 'go', operation: { name: 'greet' } },
      },
      { outcome: 'httpError', status: 404, call: { path: '/elsewhere' } },
    ]);
    const [row] = monitor.ended('server');
    expect(row?.requestLast).toBeLessThanOrEqual(row?.replyFirst ?? -1);
    expect(interceptor.counters().noise).toBe(1);
    expect(interceptor.counters().failures).toBe(0);
    expect(monitor.reports.at(-1)?.header.listeners).toContainEqual({
      address: '127.0.0.1',
      port: Number(new URL(url).port),
      tls: false,
    });
  });

  test('behind an asynchronous middleware it misses nothing that came before it', async () => {
    const { monitor } = await observePatchFree();
    const { url } = await app((own) => {
      own.use((_request, _response, next) => void setTimeout(next, 20));
      own.use(soaMonitorMiddleware());
      own.post('/s', (request, response) => {
        request.resume().on('end', () => response.type('text/xml').send(text));
      });
    });
    expect((await call(`${url}/s`, text)).body).toBe(text);
    await monitor.until((m) => m.ended().length >= 1);
    expect(monitor.ended('server')[0]).toMatchObject({ requestBytes: text.length, outcome: 'ok' });
  });

  test('behind a body parser it takes what the parser made, and is no harm', async () => {
    const { monitor } = await observePatchFree();
    const { url } = await app((own) => {
      own.use(create.raw({ type: 'text/xml' }));
      own.use(create.json({ type: 'application/soap+xml', strict: false, verify: () => {} }));
      own.use(soaMonitorMiddleware());
      own.post('/s', (_request, response) => void response.type('text/xml').send(text));
    });
    await call(`${url}/s`, text);
    await call(`${url}/s`, '"a body that is gone"', {}, { 'content-type': 'application/soap+xml' });
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('server').map((row) => [row.outcome, row.requestBytes])).toEqual([
      ['ok', text.length],
      ['ok', 19],
    ]);
  });

  test('a caller that goes away is aborted', async () => {
    const { monitor } = await observePatchFree();
    const { url } = await app((own) => {
      own.use(soaMonitorMiddleware());
      own.post('/s', (request) => void request.resume());
    });
    await expect(call(`${url}/s`, text, { signal: AbortSignal.timeout(40) })).rejects.toThrow();
    await monitor.until((m) => m.ended().length >= 1);
    expect(monitor.ended('server')[0]).toMatchObject({ outcome: 'aborted' });
  });

  test('answers pings, and a call made behind it knows what it serves', async () => {
    const { monitor, interceptor } = await observePatchFree();
    const back = await greeter();
    const client = monitorSoapClient(await soap.createClientAsync(`${back.address}?wsdl`, {}, back.address));
    const { url } = await app((own) => {
      own.use(soaMonitorMiddleware());
      own.post('/s', async (request, response) => {
        for await (const _ of request);
        await client.greetAsync({ who: 'ada' });
        response.type('text/xml').send(text);
      });
    });
    await call(`${url}/s`, text);
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('client')[0]?.parentNo).toBe(monitor.ended('server')[0]?.exchangeNo);
    const time = Date.now() * 1_000;
    const key = Buffer.from(hkdfSync('sha256', 'secret', '', PING_KEY_INFO, 32));
    const mac = createHmac('sha256', key)
      .update(pingText('n'.repeat(24), time, new URL(url).host))
      .digest('base64url');
    const reply = await call(
      url,
      pingEnvelope('1.1'),
      {},
      {
        'content-type': 'text/xml',
        soapaction: `"${PING_ACTION}"`,
        [PING_HEADER]: formatPing({ nonce: 'n'.repeat(24), time, mac }),
      },
    );
    expect(reply.headers[PONG_HEADER]).toBeDefined();
    expect(interceptor.counters().pings).toBe(1);
  });

  test('passes a traceparent on where that was asked for', async () => {
    const back = await greeter();
    const arrived: unknown[] = [];
    const { monitor } = await observePatchFree({ passTraceparent: [back.host] });
    const client = monitorSoapClient(await soap.createClientAsync(`${back.address}?wsdl`, {}, back.address));
    const { url } = await app((own) => {
      own.use(soaMonitorMiddleware());
      own.post('/s', async (_request, response) => {
        await client.greetAsync({ who: 'ada' });
        arrived.push(Reflect.get(client.lastRequestHeaders ?? {}, 'traceparent'));
        response.type('text/xml').send(text);
      });
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await call(`${url}/s`, text, {}, { 'content-type': 'text/xml', traceparent });
    await call(`${url}/s`, text);
    expect(arrived).toEqual([traceparent, undefined]);
    await monitor.until((m) => m.ended().length >= 4);
    expect(monitor.ended('client').map((row) => row.ids?.traceparent)).toEqual([traceparent, undefined]);
  });

  test('beside monitorSoap() nothing is counted twice', async () => {
    const { monitor } = await observe(whenDone);
    const { url } = await app((own) => {
      own.use(soaMonitorMiddleware());
      own.use(soaMonitorMiddleware());
      own.post('/s', (request, response) => {
        request.resume().on('end', () => response.type('text/xml').send(text));
      });
    });
    await call(`${url}/s`, text);
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('server')).toHaveLength(1);
    expect(monitor.ended('server')[0]?.connection).not.toBeNull();
  });
});

describe('monitorSoapRequests()', () => {
  const transportless = async () => {
    const wsdl = greeterWsdl('http://localhost/greeter');
    const { server } = await new Promise<{ server: soap.Server }>((resolve) => {
      const made = soap.listen(http.createServer(), '/greeter', greeterService(greet), wsdl, () =>
        resolve({ server: made }),
      );
    });
    return server;
  };

  test('sees requests and replies without a transport, and gives what the server gives', async () => {
    const server = await transportless();
    const plain = await server.processRequest(text);
    const { monitor, interceptor } = await observePatchFree();
    const processRequest = monitorSoapRequests(server);
    expect(await processRequest(text)).toEqual(plain);
    await processRequest(greetRequest('nobody'), { headers: { soapaction: '"urn:greeter#greet"' } });
    await monitor.until((m) => m.ended().length >= 2);
    expect(monitor.ended('server')).toMatchObject([
      {
        outcome: 'ok',
        requestBytes: text.length,
        replyBytes: Buffer.byteLength(plain.body),
        connection: null,
        call: { operation: { namespace: 'urn:greeter', name: 'greet' } },
      },
      { outcome: 'fault', fault: { reason: 'nobody of that name' }, call: { action: 'urn:greeter#greet' } },
    ]);
    expect(interceptor.counters().failures).toBe(0);
  });

  test('a call made while processing knows what it serves, and the caller’s own context is untouched', async () => {
    const { monitor } = await observe(whenDone);
    const back = await listen(whenDone, http.createServer(answers));
    const process = monitorSoapRequests({
      processRequest: async (xml: string) => {
        await call(back, xml);
        return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: text };
      },
    });
    await process(text);
    await call(back, greetRequest('outside'));
    await monitor.until((m) => m.ended().length >= 5);
    const [inside, outside] = monitor.ended('client');
    const served = monitor.ended('server').find((row) => row.connection === null);
    expect(inside?.parentNo).toBe(served?.exchangeNo);
    expect(outside?.parentNo).toBeNull();
  });

  test('a failure stays the caller’s', async () => {
    const { interceptor, monitor } = await observePatchFree();
    const process = monitorSoapRequests({ processRequest: () => Promise.reject(new Error('theirs')) });
    await expect(process(text)).rejects.toThrow('theirs');
    await interceptor.close();
    expect(monitor.ended('server')).toMatchObject([{ outcome: 'aborted' }]);
  });
});
