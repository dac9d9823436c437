import http from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import soap from 'soap';
import { describe, expect, test } from 'vitest';
import { greeterService, greeterWsdl, greetRequest, unknownPerson } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const require = createRequire(import.meta.url);

const greet = (who: string): string => {
  if (who === 'nobody') throw unknownPerson();
  return `hello ${who}`;
};

type Start = (server: http.Server, url: string, greeting: (who: string) => string | Promise<string>) => Promise<void>;

const stacks: Record<string, Start> = {
  'soap over express 5': async (server, url, greeting) => {
    const app = express();
    server.on('request', app);
    await new Promise<void>((resolve) =>
      soap.listen(app, '/greeter', greeterService(greeting), greeterWsdl(`${url}/greeter`), () => resolve()),
    );
  },
  'soap over express 5 behind an async middleware and a raw body parser': async (server, url, greeting) => {
    const app = express();
    app.use(async (_request, _response, next) => {
      await new Promise((resolve) => setImmediate(resolve));
      next();
    });
    app.use(express.raw({ type: () => true }));
    server.on('request', app);
    await new Promise<void>((resolve) =>
      soap.listen(app, '/greeter', greeterService(greeting), greeterWsdl(`${url}/greeter`), () => resolve()),
    );
  },
  'soap on an http.Server': async (server, url, greeting) => {
    await new Promise<void>((resolve) =>
      soap.listen(server, '/greeter', greeterService(greeting), greeterWsdl(`${url}/greeter`), () => resolve()),
    );
  },
  'strong-soap on an http.Server': async (server, url, greeting) => {
    const strong = require('strong-soap').soap;
    const service = strong.listen(server, '/greeter', greeterService(greeting), greeterWsdl(`${url}/greeter`));
    await new Promise<void>((resolve) => service.wsdl.load(() => resolve()));
  },
};

const clients: Record<string, (url: string) => Promise<(who: string) => Promise<unknown>>> = {
  soap: async (url) => {
    const client = await soap.createClientAsync(`${url}/greeter?wsdl`, {}, `${url}/greeter`);
    return (who) => client.greetAsync({ who });
  },
  'strong-soap': async (url) => {
    const strong = require('strong-soap').soap;
    const client = await new Promise<{ greet: (...args: unknown[]) => void; setEndpoint(url: string): void }>(
      (resolve, reject) =>
        strong.createClient(`${url}/greeter?wsdl`, {}, (error: unknown, made: never) =>
          error ? reject(error) : resolve(made),
        ),
    );
    client.setEndpoint(`${url}/greeter`);
    return (who) =>
      new Promise((resolve, reject) => {
        client.greet({ who }, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
      });
  },
};

describe.each(Object.keys(stacks))('%s', (stack) => {
  test.each(Object.keys(clients))('called by %s: both sides report the same exchange', async (clientName) => {
    const { monitor, interceptor } = await observe(whenDone);
    const server = http.createServer();
    const url = await listen(whenDone, server);
    await stacks[stack]?.(server, url, greet);
    const say = await clients[clientName]?.(url);
    if (say === undefined) throw new Error(clientName);
    await say('ada');
    await say('nobody').then(
      () => {},
      () => {},
    );
    await say('bob');
    await monitor.until((m) => m.ended().length >= 6);

    const served = monitor.ended('server');
    const called = monitor.ended('client');
    expect(served.map((row) => row.outcome)).toEqual(['ok', 'fault', 'ok']);
    for (const [i, client] of called.entries()) {
      const half = served[i];
      expect(half).toMatchObject({
        outcome: client.outcome,
        status: client.status,
        fault: client.fault,
        connection: client.connection,
        ordinal: client.ordinal,
        requestBytes: client.requestBytes,
        replyBytes: client.replyBytes,
        call: { path: '/greeter', operation: { namespace: 'urn:greeter', name: 'greet' }, soapVersion: '1.1' },
      });
      expect(client.call).toMatchObject({
        address: new URL(url).host,
        path: '/greeter',
        operation: { namespace: 'urn:greeter', name: 'greet' },
        actionSource: 'soapAction',
      });
      expect(client.connection?.server).toBe(new URL(url).host);
      expect(client.start).toBeLessThanOrEqual((half?.start ?? 0) + 1_000);
    }
    expect(called.length).toBe(3);
    expect(called[1]?.fault).not.toBeNull();
    expect(interceptor.counters()).toMatchObject({ failures: 0, dropped: {} });
    expect(monitor.wrongs).toEqual([]);
  });
});

describe('cause and effect', () => {
  test.each(Object.keys(stacks))('a call made while serving is a child of that exchange: %s', async (stack) => {
    const { monitor } = await observe(whenDone);
    const back = http.createServer((request, response) => {
      request.resume().on('end', () => setTimeout(() => response.end(greetRequest('back')), 1));
    });
    const backUrl = await listen(whenDone, back);
    const front = http.createServer();
    const frontUrl = await listen(whenDone, front);
    await stacks[stack]?.(front, frontUrl, async (who) => {
      await new Promise((resolve) => setImmediate(resolve));
      await call(`${backUrl}/${who}`, greetRequest(who));
      await call(`${backUrl}/${who}`, greetRequest(who));
      return 'done';
    });
    const agent = new http.Agent({ keepAlive: true });
    whenDone(() => agent.destroy());
    const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
    await Promise.all(names.map((who) => call(`${frontUrl}/greeter`, greetRequest(who), { agent })));
    const { status } = await call(`${frontUrl}/greeter`, greetRequest('again'), { agent });
    expect(status).toBe(200);
    await monitor.until((m) => m.ended().length >= 13 * 6);

    const fronts = monitor.ended('server').filter((row) => row.call.path === '/greeter');
    const frontNos = new Set(fronts.map((row) => row.exchangeNo));
    const inner = monitor.ended('client').filter((row) => row.call.path !== '/greeter');
    const outer = monitor.ended('client').filter((row) => row.call.path === '/greeter');
    expect(outer.every((row) => row.parentNo === null)).toBe(true);
    const parents = new Map<string, Set<number | null>>();
    for (const row of inner) parents.set(row.call.path, (parents.get(row.call.path) ?? new Set()).add(row.parentNo));
    expect(parents.size).toBe(13);
    const seen = [...parents.values()].map((nos) => [...nos]);
    expect(seen.every((nos) => nos.length === 1 && nos[0] != null && frontNos.has(nos[0]))).toBe(true);
    expect(new Set(seen.flat()).size).toBe(13);
    for (const row of inner) {
      const parent = fronts.find((front) => front.exchangeNo === row.parentNo);
      expect(row.start).toBeGreaterThanOrEqual(parent?.start ?? Number.POSITIVE_INFINITY);
    }
    expect(monitor.wrongs).toEqual([]);
  });

  test('a call made for a request that is no SOAP has no parent, even on a connection that carried SOAP before', async () => {
    const { monitor } = await observe(whenDone);
    const back = http.createServer((request, response) =>
      request.resume().on('end', () => response.end(greetRequest('x'))),
    );
    const backUrl = await listen(whenDone, back);
    const front = http.createServer(async (request, response) => {
      for await (const _ of request);
      await call(`${backUrl}${request.url}`, greetRequest('x'));
      response.end(greetRequest('y'));
    });
    const frontUrl = await listen(whenDone, front);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    whenDone(() => agent.destroy());
    await call(`${frontUrl}/soap`, greetRequest('x'), { agent });
    await call(`${frontUrl}/rest`, '{}', { agent }, { 'content-type': 'application/json' });
    await call(`${frontUrl}/soap2`, greetRequest('x'), { agent });
    await monitor.until((m) => m.ended().length >= 8);
    const inner = monitor.ended('client').filter((row) => row.call.address === new URL(backUrl).host);
    expect(inner.map((row) => [row.call.path, row.parentNo === null])).toEqual([
      ['/soap', false],
      ['/rest', true],
      ['/soap2', false],
    ]);
    const outer = monitor
      .ended('server')
      .filter((row) => row.call.path === '/soap2' && row.connection?.server === new URL(frontUrl).host);
    expect(outer[0]?.ordinal).toBe(2);
  });
});
