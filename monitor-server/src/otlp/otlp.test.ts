import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDirectPorts } from '../store/sqlite/direct-ports.ts';
import { createStoreFace } from '../store/sqlite/store-face.ts';
import { CALL, createReporter, loopback, MILLI, NOON } from '../store/testing/estate.ts';
import { type Opened, openTemporary } from '../store/testing/opened.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createOtlp, type Otlp } from './otlp.ts';
import { createOtlpStateFile } from './otlp-state.ts';
import { createSpanSender } from './send-spans.ts';
import type { DecodedSpan } from './testing/decode-traces.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';
import { createSpanIds } from './trace-context.ts';

const SETTLE_MILLIS = 10_000;
const CLIENT = 3;
const SERVER = 2;
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let folder: string;
let opened: Opened;
let clock: ManualClock;
let receiver: Receiver;
let otlp: Otlp;
const statePath = () => join(folder, 'otlp.json');
const ids = () => createSpanIds(JSON.parse(readFileSync(statePath(), 'utf8')).salt);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soa-otlp-'));
  clock = createManualClock(NOON);
  opened = await openTemporary(async (path) =>
    createStoreFace(openDirectPorts(path, { clock: () => clock.now(), retentionMicros: 30 * 24 * 3_600_000_000 })),
  );
  receiver = await startReceiver();
  otlp = startOtlp();
  // Spans go out of what comes after the first start.
  await until(() => existsSync(statePath()));
});
afterEach(async () => {
  await stop();
  await receiver.close();
  await opened[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function startOtlp(): Otlp {
  const started = createOtlp(
    {
      store: opened.store,
      clock,
      random: () => 0.5,
      randomText: () => 'salt-of-the-test',
      log: pino({ level: 'silent' }),
      // Too short for the exporter's own repeats, which come after a second.
      sender: createSpanSender({ url: receiver.url, headers: { 'x-key': 'secret' }, timeoutMillis: 500 }),
      stateFile: createOtlpStateFile(statePath()),
    },
    { settleMillis: SETTLE_MILLIS },
  );
  void clock.advance(0);
  return started;
}

/** The clock stands still while that is waited for. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await nextTurn();
}
async function stop(): Promise<void> {
  const closed = otlp.close();
  await clock.advance(3_000);
  await closed;
}
/** Moves on in steps of a poll until so much was counted. */
async function reach(counted: Partial<ReturnType<Otlp['counts']>>): Promise<void> {
  const isReached = () =>
    Object.entries(counted).every(([name, value]) => otlp.counts()[name as keyof typeof counted] === value);
  for (let round = 0; round < 200 && !isReached(); round++) {
    await clock.advance(1_000);
    // A request is on its way.
    while (!isReached() && clock.timers() === 0) await nextTurn();
  }
  expect(otlp.counts()).toMatchObject(counted);
}
const of = (kind: number, service: string): DecodedSpan => {
  const found = receiver.spans.filter((span) => span.kind === kind && span.resource['service.name'] === service);
  expect([service, found.length]).toEqual([service, 1]);
  return found[0] as DecodedSpan;
};

const bank = createReporter({ name: 'bank', machine: 'vault', port: 4611 });
const shop = createReporter({ name: 'shop', machine: 'street' });
let ordinal = 0;
const connected = () => ({ connection: loopback(5000, 4611), ordinal: ordinal++ });
/** A call of the shop that both report. */
async function call(given: object = {}, served: object = {}): Promise<number> {
  const joined = { ...connected(), start: clock.now(), ...given };
  const row = bank.served({ ...joined, start: joined.start + 100, end: 600, replyFirst: 500, ...served });
  await opened.store.append(shop.report([shop.called({ call: ADDRESSED, ...joined })]), shop.receipt(clock.now()));
  await opened.store.append(bank.report([row]), bank.receipt(clock.now()));
  return row.exchangeNo;
}
/** The exchange that began first. */
const rootId = async (): Promise<string> => (await opened.exchanges()).at(-1)?.id ?? 'none';
const ADDRESSED = { ...CALL, address: 'bank.example:4611', soapVersion: '1.1', action: 'urn:balance' } as const;

describe('a transaction', () => {
  test('goes out as one trace of the spans of both sides, once it has settled', async () => {
    const serving = await call();
    const asked = bank.called({ start: NOON + 200, parentNo: serving, call: { ...CALL, address: 'mainframe:9000' } });
    await opened.store.append(bank.report([asked]), bank.receipt(NOON));
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await clock.advance(SETTLE_MILLIS - 1_000);
    expect(receiver.requests).toEqual([]);
    await reach({ sent: 2, spans: 3, lagMicros: 0 });

    const [outer, served, inner] = [of(CLIENT, 'shop'), of(SERVER, 'bank'), of(CLIENT, 'bank')];
    const root = await rootId();
    const { exchanges } = (await opened.store.transaction(root)) ?? { exchanges: [] };
    const [first, second] = exchanges;
    expect([outer.traceId, served.traceId, inner.traceId]).toEqual(Array(3).fill(ids().traceOf(root)));
    expect([outer.parentSpanId, served.parentSpanId, inner.parentSpanId]).toEqual(['', outer.spanId, served.spanId]);
    expect([outer.spanId, inner.spanId]).toEqual([
      ids().spanOf(first?.id ?? '', 'client'),
      ids().spanOf(second?.id ?? '', 'client'),
    ]);
    expect([outer.resource, served.resource]).toEqual([
      { 'service.name': 'shop', 'host.name': 'street' },
      { 'service.name': 'bank', 'host.name': 'vault' },
    ]);
    expect([outer.startMicros - NOON, outer.endMicros - NOON]).toEqual([0, 1_000]);
    expect(served.startMicros).toBe(first?.requestReceived);
    expect(served.endMicros).toBe(first?.replySent);
    expect(outer.name).toBe('balance');
    expect(outer.status).toEqual({ code: 0, message: '' });
    expect(outer.attributes).toMatchObject({
      'rpc.system': 'soap',
      'rpc.service': 'urn:bank',
      'rpc.method': 'balance',
      'soap.version': '1.1',
      'soap.action': 'urn:balance',
      'server.address': 'bank.example',
      'server.port': 4611,
      'http.response.status_code': 200,
      'soa_monitor.exchange.id': root,
      'soa_monitor.join.evidence': 'connection',
      'soa_monitor.join.confidence': 'certain',
      'soa_monitor.request.bytes': 100,
      'soa_monitor.reply.bytes': 200,
    });
    expect(receiver.requests[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'x-key': 'secret',
    });
  });

  test('goes on in the trace that a message names, and links what caused it', async () => {
    const serving = await call();
    const asked = { parentNo: serving, call: { ...CALL, address: 'mainframe:9000' }, start: NOON + 200 };
    const row = bank.called({ ...asked, ids: { traceparent: TRACEPARENT } });
    await opened.store.append(bank.report([row]), bank.receipt(NOON));
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await reach({ sent: 2 });
    expect(of(CLIENT, 'bank')).toMatchObject({
      traceId: TRACEPARENT.slice(3, 35),
      parentSpanId: TRACEPARENT.slice(36, 52),
      links: [{ traceId: ids().traceOf(await rootId()), spanId: of(SERVER, 'bank').spanId }],
    });
  });

  test('caused by a traced message is in that trace as a whole', async () => {
    const serving = await call({ ids: { traceparent: TRACEPARENT } });
    const asked = bank.called({ start: NOON + 200, parentNo: serving, call: { ...CALL, address: 'mainframe:9000' } });
    await opened.store.append(bank.report([asked]), bank.receipt(NOON));
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await reach({ sent: 2 });
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACEPARENT.slice(3, 35)]));
    expect(of(CLIENT, 'shop').parentSpanId).toBe(TRACEPARENT.slice(36, 52));
    expect(of(SERVER, 'bank').parentSpanId).toBe(of(CLIENT, 'shop').spanId);
    expect(of(CLIENT, 'bank').parentSpanId).toBe(of(SERVER, 'bank').spanId);
  });

  test('only links a trace that nobody keeps', async () => {
    await call({ ids: { traceparent: TRACEPARENT.replace(/01$/, '00') } });
    await reach({ sent: 1 });
    expect(of(CLIENT, 'shop')).toMatchObject({
      traceId: ids().traceOf(await rootId()),
      parentSpanId: '',
      links: [{ traceId: TRACEPARENT.slice(3, 35), spanId: TRACEPARENT.slice(36, 52) }],
    });
  });
});

describe('an exchange', () => {
  test('that failed says why, and names the rounds before', async () => {
    const retried = shop.called({
      start: NOON,
      call: ADDRESSED,
      status: 401,
      outcome: 'attempt',
      extras: { attemptOf: 900 },
    });
    const fault = { code: 'soap:Server', reason: 'no money' };
    await opened.store.append(shop.report([retried]), shop.receipt(NOON));
    await call({ outcome: 'fault', status: 500, fault, exchangeNo: 900, extras: { attempts: 2 } }, { exchangeNo: 900 });
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await reach({ sent: 1 });
    const span = of(CLIENT, 'shop');
    expect(span.status).toEqual({ code: 2, message: 'soap:Server: no money' });
    expect(span.attributes).toMatchObject({ 'soap.fault.code': 'soap:Server', 'error.type': 'soap:Server' });
    expect(span.events).toMatchObject([{ name: 'attempt', attributes: { 'http.response.status_code': 401 } }]);
  });

  test('takes no captured body along', async () => {
    const requestBody = { text: '<secret/>', bytes: 9, truncated: false, redacted: 0, rules: 'default 1' };
    await call({}, { extras: { requestBody } });
    await reach({ sent: 1 });
    expect(receiver.requests[0]?.body.includes('secret')).toBe(false);
  });

  test('in flight waits for its end, over a restart too', async () => {
    const open = { exchangeNo: 700, start: NOON, ...connected() };
    await opened.store.append(
      shop.report([shop.called({ ...open, part: 'open', call: ADDRESSED })]),
      shop.receipt(NOON),
    );
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await call();
    await reach({ sent: 1, waiting: 1 });
    await stop();
    otlp = startOtlp();
    const ended = shop.called({ ...open, part: 'close', call: ADDRESSED, end: 15_000 * MILLI });
    await opened.store.append(shop.report([ended]), shop.receipt(clock.now()));
    await reach({ sent: 1, waiting: 0 });
    expect(receiver.spans.map(({ endMicros }) => endMicros - NOON)).toContain(15_000 * MILLI);
    expect(receiver.spans).toHaveLength(3);
  });

  test('whose other half comes late is completed by that one alone', async () => {
    const joined = { ...connected(), start: NOON };
    await opened.store.append(shop.report([shop.called({ call: ADDRESSED, ...joined })]), shop.receipt(NOON));
    await opened.store.settle(NOON + 3_000_000, 0, 60_000_000);
    await reach({ sent: 1, spans: 1 });
    const late = bank.served({ ...joined, start: NOON + 100, end: 500 });
    await opened.store.append(bank.report([late]), bank.receipt(clock.now()));
    await reach({ sent: 2, spans: 2, waiting: 0 });
    expect(of(SERVER, 'bank').parentSpanId).toBe(of(CLIENT, 'shop').spanId);
  });

  test('is sent once, whatever is restarted', async () => {
    await call();
    await reach({ sent: 1 });
    await stop();
    await call();
    otlp = startOtlp();
    await reach({ sent: 1 });
    await clock.advance(20_000);
    expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).toBe(4);
    expect(receiver.spans).toHaveLength(4);
  });

  test('that comes late goes out too, and once though the store tells of it again', async () => {
    await call();
    await reach({ sent: 1 });
    const row = bank.served({ start: NOON - 120_000 * MILLI });
    await opened.store.append(bank.report([row]), bank.receipt(clock.now()));
    await opened.store.settle(clock.now() + 3_000_000, 0, 60_000_000);
    await reach({ sent: 2, spans: 3, waiting: 0 });
    const late = (await opened.exchanges()).at(-1)?.id;
    await clock.advance(70_000);
    await opened.store.settle(clock.now(), 0, 60_000_000);
    expect(opened.committed.flatMap(({ feed }) => feed.exchanges).filter(([id]) => id === late)).toHaveLength(2);
    await clock.advance(20_000);
    expect(otlp.counts()).toMatchObject({ sent: 2, spans: 3, waiting: 0, dropped: 0 });
  });

  test('goes out once whatever a kill left in memory alone', async () => {
    await call();
    await reach({ sent: 1 });
    const state = readFileSync(statePath());
    const late = bank.served({ start: NOON - 5_000 * MILLI });
    await opened.store.append(bank.report([late]), bank.receipt(clock.now()));
    await opened.store.settle(clock.now() + 3_000_000, 0, 60_000_000);
    const unattributed = shop.called({ start: NOON - 3_000 * MILLI, call: { ...CALL, address: 'mainframe:9000' } });
    await opened.store.append(shop.report([unattributed]), shop.receipt(clock.now()));
    await call();
    await clock.advance(1_000);
    expect(otlp.counts().waiting).toBe(1);
    await stop();
    writeFileSync(statePath(), state);
    await opened.reopen();
    otlp = startOtlp();
    await reach({ sent: 2, waiting: 1 });
    await opened.store.settle(clock.now() + 3_000_000, 0, 60_000_000);
    await reach({ sent: 3, spans: 4, waiting: 0, dropped: 0 });
    await clock.advance(20_000);
    expect(receiver.spans).toHaveLength(6);
    expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).toBe(6);
  });

  test('of a day ago is given up and counted', async () => {
    await call();
    await stop();
    await clock.advance(25 * 3_600_000);
    otlp = startOtlp();
    await reach({ dropped: 1, sent: 0 });
  });
});

describe('a receiver', () => {
  test('that is gone is waited for ever longer, and gets all when it is back', async () => {
    const { port } = receiver;
    await receiver.close();
    await call();
    await reach({ retries: 3, sent: 0 });
    expect(otlp.counts().lagMicros).toBeGreaterThan(3_000_000);
    await call();
    receiver = await startReceiver(port);
    await reach({ sent: 2, lagMicros: 0 });
    expect(receiver.spans).toHaveLength(4);
  });

  test.each<[string, Receiver['answer']]>([
    ['is busy', (response) => response.writeHead(429, { 'Retry-After': '60' }).end()],
    ['is ill', (response) => response.writeHead(503).end('<html>')],
    ['wants another key', (response) => response.writeHead(401).end()],
    ['speaks no HTTP', (response) => response.socket?.end('220 mail.example ESMTP\r\n')],
    ['breaks off', (response) => response.destroy()],
    ['never answers', () => {}],
  ])('that %s gets it later', async (_name, answer) => {
    receiver.answer = answer;
    await call();
    await reach({ retries: 1, sent: 0, failed: 0 });
    receiver.answer = (response) => response.end();
    await reach({ sent: 1 });
    expect(receiver.spans).toHaveLength(2);
  });

  test('that answers 200 with garbage has taken it', async () => {
    receiver.answer = (response) => response.end(Buffer.from([255, 255, 255, 1]));
    await call();
    await reach({ sent: 1, failed: 0, retries: 0 });
  });

  test('that refuses spans as bad does not stop those after them', async () => {
    receiver.answer = (response) => response.writeHead(400).end();
    await call();
    await reach({ failed: 1 });
    receiver.answer = (response) => response.end();
    await call();
    await reach({ failed: 1, sent: 1 });
  });
});

test('another database than spans were sent of is begun at its end', async () => {
  await call();
  await reach({ sent: 1 });
  await stop();
  const passed = { cursor: { time: NOON, seq: 0 }, end: 4_000 };
  writeFileSync(statePath(), JSON.stringify({ salt: 's', passed, waiting: [] }));
  otlp = startOtlp();
  await until(() => JSON.parse(readFileSync(statePath(), 'utf8')).passed.end === 2);
  await call();
  await reach({ sent: 1 });
});

test('a damaged state is told in one line', async () => {
  await stop();
  writeFileSync(statePath(), 'x');
  expect(() => startOtlp()).toThrow(/otlp\.json is damaged/);
  rmSync(statePath());
  otlp = startOtlp();
});
