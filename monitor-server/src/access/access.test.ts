import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { wireReport } from '../testing/reports.ts';
import { INGEST_KEY, startServer } from '../testing/start-server.ts';
import { createAllowedHosts } from './allowed-hosts.ts';
import { bindRefusal } from './bind-policy.ts';

const TOKEN = 'viewer-token-0123456789';

/** What a socket gets for exactly these lines: fetch would set Host itself. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

describe('listening', () => {
  test.each([
    ['127.0.0.1', false, false, null],
    ['127.8.8.8', false, false, null],
    ['::1', false, false, null],
    ['localhost', false, false, null],
    ['0.0.0.0', true, true, null],
    ['10.0.0.5', true, true, null],
    ['0.0.0.0', false, true, 'an ingest key'],
    ['0.0.0.0', true, false, 'a viewer token'],
    ['::', false, false, 'an ingest key (SOA_MONITOR_KEY) and a viewer token'],
    ['127.evil.example', false, false, 'an ingest key'],
    ['localhost.', false, false, 'an ingest key'],
  ])('on %s with key given %s and viewer token %s', (host, ingestKeyGiven, viewerTokenSet, refusal) => {
    const reason = bindRefusal({ host, ingestKeyGiven, viewerTokenSet });
    if (refusal === null) expect(reason).toBeNull();
    else expect(reason).toContain(refusal);
  });

  test('is refused by the server itself too', async () => {
    await expect(startServer(createMemoryStore(), { host: '0.0.0.0' })).rejects.toThrow('needs an ingest key');
  });
});

describe('the names a server is known by', () => {
  const hosts = createAllowedHosts(4600, '127.0.0.1', ['Monitor.example', 'proxy.example:8443']);
  test.each([
    'localhost:4600',
    'LOCALHOST:4600',
    '127.0.0.1:4600',
    '[::1]:4600',
    'monitor.example',
    'monitor.example:4600',
    'proxy.example:8443',
  ])('%s is one', (name) => expect(hosts.isHost(name)).toBe(true));
  test.each([
    undefined,
    '',
    'localhost',
    'localhost:80',
    'localhost.:4600',
    'localhost:4600.evil.example',
    'evil.example:4600',
    'evil.example',
    'localhost.evil.example:4600',
    '127.0.0.1.nip.io:4600',
    '0.0.0.0:4600',
    '2130706433:4600',
    '[::ffff:127.0.0.1]:4600',
    'proxy.example',
    'proxy.example:4600',
    'user@localhost:4600',
  ])('%s is none', (name) => expect(hosts.isHost(name)).toBe(false));
  test.each(['http://localhost:4600', 'https://monitor.example'])('%s is a page of its own', (origin) =>
    expect(hosts.isOrigin(origin)).toBe(true),
  );
  test.each([
    'null',
    '',
    'http://evil.example',
    'http://localhost:4601',
    'file://',
    'http://localhost:4600/x',
    'http://evil@localhost:4600',
  ])('%s is no page of its own', (origin) => expect(hosts.isOrigin(origin)).toBe(false));
  test('its own bound address is one, the wildcard is none', () => {
    expect(createAllowedHosts(80, '10.0.0.5', []).isHost('10.0.0.5')).toBe(true);
    expect(createAllowedHosts(4600, '0.0.0.0', []).isHost('0.0.0.0:4600')).toBe(false);
    expect(createAllowedHosts(4600, 'fd00::5', []).isHost('[FD00::5]:4600')).toBe(true);
  });
});

describe('without a viewer token', () => {
  let running: Awaited<ReturnType<typeof startServer>>;
  beforeEach(async () => {
    running = await startServer(createMemoryStore());
  });
  afterEach(() => running.server.close());

  test.each(['/healthz', '/', '/api/v1/accounting', '/socket.io/?EIO=4&transport=polling', '/metrics'])(
    'another name in Host is refused at %s',
    async (path) => {
      const answer = await raw(running.port, `GET ${path} HTTP/1.1`, `Host: evil.example:${running.port}`);
      expect(answer).toMatch(/^HTTP\/1.1 421 /);
      expect(answer).toContain('urn:soa-monitor:problem:host');
    },
  );

  test('a report under another name is refused, and none or two names are', async () => {
    expect(await raw(running.port, 'POST /api/v1/reports HTTP/1.1', 'Host: evil.example')).toMatch(/^HTTP\/1.1 421 /);
    expect(await raw(running.port, 'GET /healthz HTTP/1.0')).toMatch(/^HTTP\/1.1 421 /);
    const host = `Host: localhost:${running.port}`;
    expect(await raw(running.port, 'GET /healthz HTTP/1.1', host, host)).toMatch(/^HTTP\/1.1 4/);
    expect(await raw(running.port, `GET http://evil.example/healthz HTTP/1.1`, host)).toMatch(/^HTTP\/1.1 400 /);
  });

  test('a page of another site is refused, and so is its socket', async () => {
    const host = `Host: localhost:${running.port}`;
    expect(await raw(running.port, 'GET /healthz HTTP/1.1', host, 'Origin: http://evil.example')).toMatch(
      /^HTTP\/1.1 403 /,
    );
    const upgrade = [
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    const path = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1';
    expect(await raw(running.port, path, host, 'Origin: http://evil.example', ...upgrade)).toMatch(/^HTTP\/1.1 403 /);
    expect(await raw(running.port, path, 'Host: evil.example', ...upgrade)).toMatch(/^HTTP\/1.1 421 /);
  });

  test('every answer says what a page may do', async () => {
    const { headers } = await fetch(`${running.url}/healthz`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('with a viewer token', () => {
  let running: Awaited<ReturnType<typeof startServer>>;
  beforeEach(async () => {
    running = await startServer(createMemoryStore(), { viewerToken: TOKEN });
  });
  afterEach(() => running.server.close());

  test.each([
    '/',
    '/api/v1/accounting',
    '/api/openapi.json',
    '/metrics',
    '/readyz',
    '/HEALTHZ',
    '/healthz/',
    '/socket.io/?EIO=4&transport=polling',
  ])('%s needs it', async (path) => {
    const answer = await fetch(`${running.url}${path}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect((await fetch(`${running.url}${path}`, { headers: { Authorization: `Bearer ${TOKEN}x` } })).status).toBe(401);
    expect((await fetch(`${running.url}${path}`, { headers: { Authorization: `Bearer ${TOKEN}` } })).status).not.toBe(
      401,
    );
  });

  test('reports and /healthz do not', async () => {
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    expect((await running.send(JSON.stringify(wireReport()))).status).toBe(202);
    expect((await running.send('{}', { Authorization: `Bearer ${TOKEN}` })).status).toBe(401);
  });

  test('the ingest key opens nothing else', async () => {
    const answer = await fetch(`${running.url}/api/v1/accounting`, {
      headers: { Authorization: `Bearer ${INGEST_KEY}` },
    });
    expect(answer.status).toBe(401);
  });

  test('a browser signs in once, and its cookie is not the token', async () => {
    const html = { Accept: 'text/html' };
    expect(await (await fetch(`${running.url}/`, { headers: html })).text()).toContain('<form');
    expect((await fetch(`${running.url}/?token=wrong`, { headers: html })).status).toBe(401);
    const signedIn = await fetch(`${running.url}/?token=${TOKEN}`, { headers: html, redirect: 'manual' });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
    expect(cookie).not.toContain(TOKEN);
    const headers = { Cookie: `other=1; ${cookie.split(';', 1)[0]}` };
    expect((await fetch(`${running.url}/api/v1/accounting`, { headers })).status).toBe(200);
    expect(
      (await fetch(`${running.url}/api/v1/accounting`, { headers: { Cookie: 'soa_monitor_viewer=x' } })).status,
    ).toBe(401);
  });
});
