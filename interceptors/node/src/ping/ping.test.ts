import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import {
  formatPing,
  PING_ACTION,
  PING_AGE_MAX_MICROS,
  PING_HEADER,
  PING_KEY_INFO,
  PING_NONCES_MAX,
  PONG_HEADER,
  parsePong,
  pingEnvelope,
  pingText,
  pongText,
} from '@soa-monitor/protocol';
import { describe, expect, test } from 'vitest';
import { scanEnvelope } from '../envelope/scan-envelope.ts';
import { greetRequest } from '../testing/greeter.ts';
import { call, createClosers, listen, observe } from '../testing/observed.ts';
import { createPingGuard } from './ping-guard.ts';

const whenDone = createClosers();
const nowMicros = (): number => Date.now() * 1_000;

const macOf = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', PING_KEY_INFO, 32)))
    .update(text)
    .digest('base64url');

function pingHeaders(
  url: string,
  change: { key?: string; time?: number; nonce?: string; host?: string; version?: '1.1' | '1.2' } = {},
) {
  const { key = 'secret', time = nowMicros(), nonce = randomBytes(18).toString('base64url'), version = '1.1' } = change;
  const mac = macOf(key, pingText(nonce, time, change.host ?? new URL(url).host));
  return {
    nonce,
    headers: {
      [PING_HEADER]: formatPing({ nonce, time, mac }),
      ...(version === '1.1'
        ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${PING_ACTION}"` }
        : { 'content-type': `application/soap+xml; charset=utf-8; action="${PING_ACTION}"` }),
    },
  };
}

async function pinged(settings = {}) {
  const { monitor, interceptor } = await observe(whenDone, settings);
  let served = 0;
  const server = http.createServer((request, response) => {
    served++;
    request.resume().on('end', () => response.end(greetRequest('service')));
  });
  const url = await listen(whenDone, server);
  return { monitor, interceptor, url, served: () => served };
}

test.each(['1.1', '1.2'] as const)(
  'a ping of SOAP %s is answered below the stack, signed, and is no traffic',
  async (version) => {
    const { monitor, interceptor, url, served } = await pinged();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    whenDone(() => agent.destroy());
    const { headers, nonce } = pingHeaders(url, { version });
    const reply = await call(`${url}/s`, pingEnvelope(version), { agent }, headers);
    expect(reply.status).toBe(200);
    const pong = parsePong(String(reply.headers[PONG_HEADER]));
    await monitor.until((m) => m.reports.length > 0);
    const reporter = monitor.reports[0]?.header.reporter ?? '';
    expect(pong).toEqual({ reporter, mac: macOf('secret', pongText(nonce, reporter)) });
    expect(reply.headers['content-type']).toContain(version === '1.1' ? 'text/xml' : 'application/soap+xml');
    expect(scanEnvelope(reply.body, true)).toMatchObject({
      version,
      operation: { namespace: 'urn:soa-monitor:1', name: 'Pong' },
    });
    expect(served()).toBe(0);
    expect(interceptor.counters().pings).toBe(1);

    // The connection serves on, and the ping counted on it.
    await call(`${url}/s`, greetRequest('ada'), { agent });
    await monitor.until((m) => m.ended('server').length >= 1);
    expect(monitor.ended('server').map((row) => [row.ordinal, row.call.operation?.name])).toEqual([[1, 'greet']]);
  },
);

test('an unread body behind a ping does not break the connection', async () => {
  const { url, monitor } = await pinged();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  whenDone(() => agent.destroy());
  await call(url, 'x'.repeat(200_000), { agent }, pingHeaders(url).headers);
  await call(url, greetRequest('ada'), { agent });
  await monitor.until((m) => m.ended('server').some((row) => row.ordinal === 1));
});

describe('passes up unchanged, as ordinary traffic,', () => {
  const host = (url: string): string => new URL(url).host;
  test.each<[string, (url: string) => http.OutgoingHttpHeaders]>([
    ['a ping under another key', (url) => pingHeaders(url, { key: 'other' }).headers],
    ['a ping for another address', (url) => pingHeaders(url, { host: 'elsewhere:80' }).headers],
    ['a ping of long ago', (url) => pingHeaders(url, { time: nowMicros() - 2 * PING_AGE_MAX_MICROS }).headers],
    ['a ping of the future', (url) => pingHeaders(url, { time: nowMicros() + 2 * PING_AGE_MAX_MICROS }).headers],
    ['a header that is none', (url) => ({ ...pingHeaders(url).headers, [PING_HEADER]: 'nonce=x; time=1; mac=y' })],
    [
      'the header without the action',
      (url) => ({ [PING_HEADER]: pingHeaders(url).headers[PING_HEADER], 'content-type': 'text/xml' }),
    ],
    [
      'the action without the header',
      (url) => ({ soapaction: PING_ACTION, 'content-type': 'text/xml', host: host(url) }),
    ],
  ])('%s', async (_what, headersFor) => {
    const { monitor, interceptor, url, served } = await pinged();
    const reply = await call(url, pingEnvelope('1.1'), {}, headersFor(url));
    expect(reply.body).toBe(greetRequest('service'));
    expect(reply.headers[PONG_HEADER]).toBeUndefined();
    expect(served()).toBe(1);
    expect(interceptor.counters().pings).toBe(0);
    await monitor.until((m) => m.ended('server').length === 1);
  });

  test('a replayed ping', async () => {
    const { url, served, interceptor } = await pinged();
    const { headers } = pingHeaders(url);
    await call(url, pingEnvelope('1.1'), {}, headers);
    const again = await call(url, pingEnvelope('1.1'), {}, headers);
    expect(again.body).toBe(greetRequest('service'));
    expect([served(), interceptor.counters().pings]).toEqual([1, 1]);
  });

  test('any ping when no key is set', async () => {
    const { url, served } = await pinged({ key: undefined });
    await call(url, pingEnvelope('1.1'), {}, pingHeaders(url).headers);
    expect(served()).toBe(1);
  });

  test('a GET with the ping’s headers', async () => {
    const { url, served } = await pinged();
    await call(url, '', { method: 'GET' }, pingHeaders(url).headers);
    expect(served()).toBe(1);
  });
});

test('nonces are remembered within a bound, and a full memory answers no further ping until some are too old', () => {
  const guard = createPingGuard('secret');
  const verify = (i: number, time: number, now: number) => {
    const nonce = `nonce-${String(i).padStart(12, '0')}`;
    return guard.verify(formatPing({ nonce, time, mac: macOf('secret', pingText(nonce, time, 'h:1')) }), 'H:1', now);
  };
  const now = 1_795_000_000_000_000;
  for (let i = 0; i < PING_NONCES_MAX; i++) expect(verify(i, now, now)).not.toBeNull();
  expect(verify(1, now, now)).toBeNull();
  expect(verify(5_000, now, now)).toBeNull();
  const later = now + PING_AGE_MAX_MICROS + 1;
  expect(verify(5_001, later, later)).not.toBeNull();
  expect(verify(1, now, later)).toBeNull();
});
