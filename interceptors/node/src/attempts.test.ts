import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { ReportedRow } from '@soa-monitor/protocol';
import axios from 'axios';
import { describe, expect, test } from 'vitest';
import type { FakeMonitor } from './testing/fake-monitor.ts';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const text = greetRequest('ada');
const xml = { 'content-type': 'text/xml' };
const soapFault =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode>' +
  '<faultstring>sorry</faultstring></s:Fault></s:Body></s:Envelope>';

/** Answers each round with the next of these: a status, and what goes with it. */
type Round = readonly [status: number, headers?: http.OutgoingHttpHeaders, body?: string];
const inTurn = (rounds: readonly Round[]): http.RequestListener => {
  let count = 0;
  return (request, response) => {
    request.resume().on('end', () => {
      const [status, headers = {}, body = status === 200 ? text : ''] = rounds[count++] ?? [200];
      response.writeHead(status, { ...xml, ...headers }).end(body);
    });
  };
};

async function service(handler: http.RequestListener): Promise<{ url: string; monitor: FakeMonitor }> {
  const { monitor, interceptor } = await observe(whenDone);
  whenDone(() => {
    expect(monitor.wrongs).toEqual([]);
    expect(interceptor.counters().failures).toBe(0);
  });
  return { url: `${await listen(whenDone, http.createServer(handler))}/s`, monitor };
}

const told = (rows: readonly ReportedRow[]) => rows.map(({ outcome, status, extras }) => [outcome, status, extras]);
const keepAlive = (): http.Agent => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  whenDone(() => agent.destroy());
  return agent;
};

test('a 401 round and its answer on one connection are one exchange and an attempt, on both sides', async () => {
  const { url, monitor } = await service(inTurn([[401], [401], [200]]));
  const agent = keepAlive();
  for (let round = 0; round < 3; round++) await call(url, text, { agent });
  await monitor.until((m) => m.ended().length >= 6);
  for (const role of ['client', 'server'] as const) {
    const [first, second, third] = [...monitor.ended(role)].sort((a, b) => a.exchangeNo - b.exchangeNo);
    expect(told([first, second, third].flatMap((row) => row ?? []))).toEqual([
      ['attempt', 401, { attemptOf: second?.exchangeNo }],
      ['attempt', 401, { attempts: 2, attemptOf: third?.exchangeNo }],
      ['ok', 200, { attempts: 3 }],
    ]);
    // What the caller felt: from the first round to the answer.
    expect(third?.start).toBe(first?.start);
    expect(second?.start).toBeGreaterThan(first?.start ?? 0);
    expect(third?.end).toBeGreaterThan(second?.end ?? 0);
    expect([first, second, third].map((row) => row?.ordinal)).toEqual([0, 1, 2]);
  }
});

test('a first round with an empty body, as NTLM and Digest send it, is an attempt of the message that follows', async () => {
  const { url, monitor } = await service(inTurn([[401, { 'www-authenticate': 'NTLM' }], [200]]));
  await call(url, '');
  await call(url, text);
  await monitor.until((m) => m.ended('client').length >= 2);
  expect(told(monitor.ended('client')).map(([outcome]) => outcome)).toEqual(['attempt', 'ok']);
});

describe('a redirect that takes the message on', () => {
  const callers: [string, (url: string) => Promise<unknown>][] = [
    ['axios', (url) => axios.post(url, text, { headers: xml })],
    ['fetch', async (url) => (await fetch(url, { method: 'POST', headers: xml, body: text })).text()],
  ];
  test.each(callers)('%s: an attempt of the exchange that it led to, at the other path', async (_name, send) => {
    const { url, monitor } = await service(inTurn([[307, { location: '/elsewhere?x=1' }], [200]]));
    await send(url);
    await monitor.until((m) => m.ended('client').length >= 2);
    const [one, two] = [...monitor.ended('client')].sort((a, b) => a.exchangeNo - b.exchangeNo);
    expect(one).toMatchObject({ outcome: 'attempt', status: 307, extras: { attemptOf: two?.exchangeNo } });
    expect(two).toMatchObject({ outcome: 'ok', extras: { attempts: 2 }, call: { path: '/elsewhere' } });
    expect(two?.start).toBe(one?.start);
  });
  test.each(callers)('%s: a redirect that becomes a GET is an HTTP error', async (_name, send) => {
    const { url, monitor } = await service(inTurn([[303, { location: '/elsewhere' }], [200]]));
    await send(url);
    await monitor.until((m) => m.ended('client').length >= 1);
    expect(told(monitor.ended('client'))).toEqual([['httpError', 303, null]]);
  });
});

describe('a message that is sent again', () => {
  test.each([408, 429, 502, 503, 504])('after %d is one exchange', async (status) => {
    const { url, monitor } = await service(inTurn([[status, {}, 'busy'], [200]]));
    await call(url, text);
    await call(url, text);
    await monitor.until((m) => m.ended('client').length >= 2);
    expect(told(monitor.ended('client')).map(([outcome]) => outcome)).toEqual(['attempt', 'ok']);
  });
  test('after a refused connection, and after a time limit, is one exchange', async () => {
    const { monitor } = await observe(whenDone);
    const server = http.createServer(inTurn([]));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}/s`;
    await expect(axios.post(url, text, { headers: xml })).rejects.toThrow();
    const mute = net.createServer((socket) => void socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => mute.listen(port, '127.0.0.1', resolve));
    await expect(axios.post(url, text, { headers: xml, timeout: 60 })).rejects.toThrow();
    await new Promise((resolve) => mute.close(resolve));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    whenDone(() => new Promise((resolve) => server.close(resolve)));
    await axios.post(url, text, { headers: { ...xml, connection: 'close' } });
    await monitor.until((m) => m.ended('client').length >= 3);
    const rows = [...monitor.ended('client')].sort((a, b) => a.exchangeNo - b.exchangeNo);
    expect(told(rows)).toEqual([
      ['attempt', 0, { attemptOf: rows[1]?.exchangeNo }],
      ['attempt', 0, { attempts: 2, attemptOf: rows[2]?.exchangeNo }],
      ['ok', 200, { attempts: 3 }],
    ]);
  });
  test('after an answer is another exchange: ok, fault and one-way', async () => {
    const { url, monitor } = await service(inTurn([[200], [500, {}, soapFault], [503, {}, soapFault], [202], [200]]));
    for (let round = 0; round < 5; round++) await call(url, text);
    await monitor.until((m) => m.ended().length >= 10);
    expect(told(monitor.ended('client'))).toEqual([
      ['ok', 200, null],
      ['fault', 500, null],
      ['fault', 503, null],
      ['oneWay', 202, null],
      ['ok', 200, null],
    ]);
  });
  test('with one byte changed, or to another path, is another exchange, and the failed one is what it was', async () => {
    const { url, monitor } = await service(inTurn([[503], [200], [200]]));
    await call(url, text);
    await call(url, text.replace('ada', 'adb'));
    await call(`${url}2`, text);
    await monitor.until((m) => m.ended('client').length >= 3);
    expect(told(monitor.ended('client'))).toEqual([
      ['httpError', 503, null],
      ['ok', 200, null],
      ['ok', 200, null],
    ]);
  });
  test('while serving one request is none of a call made while serving another', async () => {
    const { url, monitor } = await service(inTurn([[503], [200]]));
    const outer = await listen(
      whenDone,
      http.createServer(async (request, response) => {
        for await (const _ of request);
        await call(url, text);
        response.end(text);
      }),
    );
    await call(outer, greetRequest('one'));
    await call(outer, greetRequest('two'));
    await monitor.until((m) => m.ended('client').length >= 4);
    const inner = monitor.ended('client').filter((row) => row.parentNo !== null);
    expect(told(inner)).toEqual([
      ['httpError', 503, null],
      ['ok', 200, null],
    ]);
  });
  test('among many at once, each goes on in its own', async () => {
    const seen = new Set<string>();
    const { url, monitor } = await service(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      response.writeHead(seen.has(body) ? 200 : 401, xml).end(seen.has(body) ? text : '');
      seen.add(body);
    });
    const bodies = Array.from({ length: 20 }, (_, i) => greetRequest(`${String.fromCharCode(97 + i)}`));
    await Promise.all(bodies.map((body) => call(`${url}`, body)));
    await Promise.all(bodies.toReversed().map((body) => call(`${url}`, body)));
    await monitor.until((m) => m.ended('client').length >= 40);
    const attempts = monitor.ended('client').filter((row) => row.outcome === 'attempt');
    expect(attempts).toHaveLength(20);
    const order = attempts.map((row) => row.exchangeNo).sort((a, b) => a - b);
    const next = order.map((no) => attempts.find((row) => row.exchangeNo === no)?.extras?.attemptOf ?? -1);
    // The bodies went out again in the opposite order.
    expect(next).toEqual([...next].sort((a, b) => b - a));
  });
});

test('a round that nobody follows is reported as what it was, within its time', async () => {
  const { url, monitor } = await service(inTurn([[401]]));
  await call(url, text);
  expect(monitor.ended()).toEqual([]);
  await monitor.until((m) => m.ended().length >= 2);
  expect(told(monitor.ended('client'))).toEqual([['httpError', 401, null]]);
  expect(told(monitor.ended('server'))).toEqual([['httpError', 401, null]]);
});

test('close() reports what waited as what it was', async () => {
  const { monitor, interceptor } = await observe(whenDone);
  const url = await listen(whenDone, http.createServer(inTurn([[503]])));
  await call(url, text);
  await interceptor.close();
  expect(told(monitor.ended('client'))).toEqual([['httpError', 503, null]]);
  const { observed, acknowledged } = interceptor.counters();
  expect([observed, acknowledged]).toEqual([monitor.rows().length, monitor.rows().length]);
});

test('a round that was shown as open is completed by one row, and so is the exchange that goes on', async () => {
  const release: (() => void)[] = [];
  const { url, monitor } = await service((request, response) => {
    request.resume().on('end', () => {
      const status = release.length === 0 ? 503 : 200;
      release.push(() => response.writeHead(status, xml).end(status === 200 ? text : ''));
    });
  });
  for (const count of [1, 2]) {
    const pending = call(url, text);
    await monitor.until((m) => m.rows().filter((row) => row.part === 'open' && row.role === 'client').length === count);
    release[count - 1]?.();
    await pending;
  }
  await monitor.until((m) => m.ended('client').length >= 2);
  const rows = monitor.rows().filter((row) => row.role === 'client');
  expect(rows).toHaveLength(4);
  for (const close of monitor.ended('client')) {
    const open = rows.find((row) => row.part === 'open' && row.exchangeNo === close.exchangeNo);
    expect(close).toMatchObject({ part: 'close', start: open?.start });
  }
  expect(monitor.ended('client').map((row) => row.outcome)).toEqual(['attempt', 'ok']);
});
