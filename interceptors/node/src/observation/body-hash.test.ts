import { createHmac, hkdfSync } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { BODY_HASH_BYTES, BODY_HASH_KEY_INFO, type ReportedRow } from '@soa-monitor/protocol';
import * as soap from 'soap';
import { expect, test } from 'vitest';
import type { FakeMonitor } from '../testing/fake-monitor.ts';
import { call, createClosers, listen, observe } from '../testing/observed.ts';
import { createBodyHashing } from './body-hash.ts';

const whenDone = createClosers();
const XML = { 'content-type': 'text/xml; charset=utf-8' };
const envelope = (content: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:a">${content}</a></s:Body></s:Envelope>`;

/** By the contract's words, and nothing of ours. */
function rightHash(body: string | Buffer, ingestKey = 'secret'): string {
  const key = Buffer.from(hkdfSync('sha256', ingestKey, '', BODY_HASH_KEY_INFO, 32));
  return createHmac('sha256', key).update(body).digest().subarray(0, BODY_HASH_BYTES).toString('base64url');
}

const echo = (): http.Server =>
  http.createServer((request, response) => {
    request.resume().on('end', () => response.end(envelope('reply')));
  });

const wishing = (wantBodyHash: readonly string[], wantServedHash: boolean) => ({ wantBodyHash, wantServedHash });

/** Asks for the hashes, and waits until the interceptor was told. */
async function ask(monitor: FakeMonitor, wish: ReturnType<typeof wishing>): Promise<void> {
  monitor.wish(wish);
  const before = monitor.reports.length;
  await monitor.until(({ reports }) => reports.length >= before + 2, 'a report with the wish in its answer');
}

/** One call whose body is written by `send`, to its end. */
function exchange(
  url: string,
  headers: http.OutgoingHttpHeaders,
  send: (request: http.ClientRequest) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, (reply) => reply.resume().on('end', resolve));
    request.on('error', reject);
    send(request);
  });
}

const hashesOf = (rows: readonly ReportedRow[]): (string | undefined)[] => rows.map(({ extras }) => extras?.bodyHash);

async function both(monitor: FakeMonitor, count: number): Promise<{ client: ReportedRow[]; server: ReportedRow[] }> {
  await monitor.until(() => monitor.ended('client').length >= count && monitor.ended('server').length >= count);
  return { client: monitor.ended('client'), server: monitor.ended('server') };
}

/** The smallest description that `soap` both serves and calls. */
const WSDL = (address: string): string => `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:tns="urn:calc" targetNamespace="urn:calc">
  <message name="in"><part name="n" type="xsd:int"/></message>
  <message name="out"><part name="n" type="xsd:int"/></message>
  <portType name="T"><operation name="double"><input message="tns:in"/><output message="tns:out"/></operation></portType>
  <binding name="B" type="tns:T"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="double"><soap:operation soapAction="double"/>
      <input><soap:body use="literal" namespace="urn:calc"/></input>
      <output><soap:body use="literal" namespace="urn:calc"/></output></operation></binding>
  <service name="S"><port name="P" binding="tns:B"><soap:address location="${address}"/></port></service>
</definitions>`;

test('strings in their encodings, buffers and pieces have one hash on both sides, that of the bytes', async () => {
  const { monitor } = await observe(whenDone);
  const url = await listen(whenDone, echo());
  await ask(monitor, wishing([new URL(url).host], true));
  const text = envelope('naïve € \u{1F600} \ud800');
  const bodies: [Buffer, (request: http.ClientRequest) => void, object?][] = [
    [Buffer.from(text), (request) => void request.end(text)],
    [Buffer.from(text), (request) => void request.end(Buffer.from(text))],
    [Buffer.from(text, 'latin1'), (request) => void request.end(text, 'latin1')],
    [
      Buffer.from(text),
      (request) => {
        for (const character of text) request.write(character);
        request.end(new Uint8Array());
      },
    ],
    [gzipSync(text), (request) => void request.end(gzipSync(text)), { 'content-encoding': 'gzip' }],
    [
      Buffer.from(text, 'utf16le'),
      (request) => void request.end(text, 'utf16le'),
      { 'content-type': 'text/xml; charset=utf-16le' },
    ],
  ];
  for (const [, send, headers] of bodies) await exchange(url, { ...XML, ...headers }, send);
  const { client, server } = await both(monitor, bodies.length);
  const right = bodies.map(([body]) => rightHash(body)).sort();
  expect(hashesOf(server).sort()).toEqual(right);
  expect(hashesOf(client).sort()).toEqual(right);
  expect(monitor.wrongs).toEqual([]);
});

test('a soap client and a soap service agree, and a proxy that frames anew between them changes nothing', async () => {
  const { monitor } = await observe(whenDone);
  const service = await listen(whenDone, echo());
  const proxy = await listen(
    whenDone,
    http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const onwards = http.request(service, { method: 'POST', headers: XML }, (reply) => reply.pipe(response));
      // Chunked, whatever the length was.
      for (const byte of chunks) onwards.write(byte);
      onwards.end();
    }),
  );
  await ask(monitor, wishing([new URL(service).host, new URL(proxy).host], true));
  const body = envelope('x'.repeat(200_000));
  await call(proxy, body);
  const { client, server } = await both(monitor, 2);
  expect(hashesOf([...client, ...server])).toEqual(Array.from({ length: 4 }, () => rightHash(body)));
});

test('what `soap` sends is hashed on both sides', async () => {
  const { monitor } = await observe(whenDone);
  const server = http.createServer((_, response) => response.writeHead(404).end());
  const url = await listen(whenDone, server);
  soap.listen(server, '/calc', { S: { P: { double: ({ n }: { n: number }) => ({ n: n * 2 }) } } }, WSDL(`${url}/calc`));
  const client = await soap.createClientAsync(`${url}/calc?wsdl`);
  await ask(monitor, wishing([new URL(url).host], true));
  await client.doubleAsync({ n: 4 });
  const rows = await both(monitor, 1);
  expect(hashesOf(rows.client)[0]).toBe(rightHash(client.lastRequest ?? ''));
  expect(hashesOf(rows.server)).toEqual(hashesOf(rows.client));
});

test('nothing is hashed that was not asked for, and nothing any more when answers stop asking', async () => {
  const { monitor } = await observe(whenDone);
  const url = await listen(whenDone, echo());
  await call(url, envelope('1'));
  await ask(monitor, wishing(['elsewhere:80'], false));
  await call(url, envelope('2'));
  await ask(monitor, wishing([], true));
  await call(url, envelope('3'));
  await ask(monitor, wishing([], false));
  await call(url, envelope('4'));
  const { client, server } = await both(monitor, 4);
  expect(hashesOf(client)).toEqual([undefined, undefined, undefined, undefined]);
  expect(hashesOf(server)).toEqual([undefined, undefined, rightHash(envelope('3')), undefined]);
});

test('a row of a call still open has none; its close has it', async () => {
  const { monitor } = await observe(whenDone);
  let answer: () => void = () => {};
  const url = await listen(
    whenDone,
    http.createServer((request, response) => {
      request.resume();
      answer = () => response.end(envelope('late'));
    }),
  );
  await ask(monitor, wishing([], true));
  const calling = call(url, envelope('slow'));
  await monitor.until(() => monitor.rows().some((row) => row.part === 'open' && row.role === 'server'));
  answer();
  await calling;
  await both(monitor, 1);
  const parts = monitor.rows().filter((row) => row.role === 'server');
  expect(parts.map(({ part, extras }) => [part, extras?.bodyHash])).toEqual([
    ['open', undefined],
    ['close', rightHash(envelope('slow'))],
  ]);
});

test('half a body has none', async () => {
  const { monitor } = await observe(whenDone);
  const url = await listen(whenDone, echo());
  await ask(monitor, wishing([], true));
  const { port } = new URL(url);
  const socket = net.connect(Number(port), '127.0.0.1', () => {
    socket.write(
      `POST / HTTP/1.1\r\nhost: h\r\ncontent-type: text/xml\r\ncontent-length: 1000\r\n\r\n${envelope('half')}`,
    );
    setImmediate(() => socket.end());
  });
  whenDone(() => socket.destroy());
  socket.on('error', () => {});
  await monitor.until(() => monitor.ended('server').length === 1);
  expect(monitor.ended('server')[0]).toMatchObject({ outcome: 'aborted', extras: null });
});

test('another ingest key gives another hash; no key gives that of the empty one', () => {
  const hashWith = (key: string | null): string | undefined => {
    const hashing = createBodyHashing(key, () => 0);
    hashing.follow({ called: new Set(['bank:80']), served: false });
    return hashing
      .begin('client', 'bank:80')
      ?.update('body')
      .digest()
      .subarray(0, BODY_HASH_BYTES)
      .toString('base64url');
  };
  expect(hashWith('one')).toBe(rightHash('body', 'one'));
  expect(hashWith('two')).toBe(rightHash('body', 'two'));
  expect(hashWith(null)).toBe(rightHash('body', ''));
  expect(new Set([hashWith('one'), hashWith('two'), hashWith(null)]).size).toBe(3);
});

test('a wish is forgotten when no answer has come for a minute', () => {
  let time = 0;
  const hashing = createBodyHashing('k', () => time);
  hashing.follow({ called: new Set(), served: true });
  time = 59_000;
  expect(hashing.begin('server', null)).not.toBeNull();
  time = 61_000;
  expect(hashing.begin('server', null)).toBeNull();
});
