import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { formatPong, PING_AGE_MAX_MICROS, PING_HEADER, PONG_HEADER, parsePing, pongText } from '@soa-monitor/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { createSystemClock } from '../clock.ts';
import { createPingProof } from './ping-proof.ts';
import { sendPing } from './send-ping.ts';

const KEY = 'the-ingest-key';
const clock = createSystemClock();
const proof = createPingProof(KEY);
const nonce = () => randomBytes(24).toString('base64url');
const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

const mac = (text: string, key = KEY) =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', 'soa-monitor ping key 1', 32)))
    .update(text)
    .digest('base64url');

async function listening(answer: RequestListener): Promise<number> {
  const server: Server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

const ping = (port: number, more: { clockOffsetMicros?: number; soapVersion?: '1.1' | '1.2'; tls?: boolean } = {}) =>
  sendPing({ host: '127.0.0.1', port, tls: false, soapVersion: '1.1', clockOffsetMicros: 0, ...more }, nonce(), {
    clock,
    proof,
  });

const ponging =
  (reporter: string, key = KEY): RequestListener =>
  (request, response) => {
    const { nonce: asked } = parsePing(String(request.headers[PING_HEADER])) ?? { nonce: '' };
    response.setHeader(PONG_HEADER, formatPong({ reporter, mac: mac(pongText(asked, reporter), key) }));
    response.end('<pong/>');
  };

describe('a ping', () => {
  test('is a SOAP request that proves where it comes from and for whom it is', async () => {
    const seen: Record<string, unknown>[] = [];
    const port = await listening((request, response) => {
      seen.push({ ...request.headers, method: request.method });
      ponging('reporter-0000000001')(request, response);
    });
    await ping(port, { clockOffsetMicros: 3_600_000_000 });
    const headers = seen[0] ?? {};
    const parsed = parsePing(String(headers[PING_HEADER]));
    expect(headers).toMatchObject({
      method: 'POST',
      soapaction: '"urn:soa-monitor:ping:1"',
      host: `127.0.0.1:${port}`,
    });
    expect(parsed?.mac).toBe(mac(`ping\n${parsed?.nonce}\n${parsed?.time}\n127.0.0.1:${port}`));
    // In the clock of a target that is an hour behind ours.
    expect(Math.abs((parsed?.time ?? 0) - (Date.now() * 1_000 - 3_600_000_000))).toBeLessThan(PING_AGE_MAX_MICROS);
    await ping(port, { soapVersion: '1.2' });
    expect(seen[1]).toMatchObject({ 'content-type': expect.stringContaining('action="urn:soa-monitor:ping:1"') });
    expect(seen[1]).not.toHaveProperty('soapaction');
  });

  test('is answered by a pong whose proof holds', async () => {
    expect(await ping(await listening(ponging('reporter-0000000001')))).toEqual({
      kind: 'pong',
      reporter: 'reporter-0000000001',
    });
  });

  test('is not answered by a forged pong', async () => {
    expect((await ping(await listening(ponging('reporter-0000000001', 'another key')))).kind).toBe('noPong');
    const stolen = formatPong({
      reporter: 'reporter-0000000001',
      mac: mac(pongText('an-old-nonce-0001', 'reporter-0000000001')),
    });
    expect((await ping(await listening((_q, a) => a.setHeader(PONG_HEADER, stolen).end()))).kind).toBe('noPong');
    expect((await ping(await listening((_q, a) => a.setHeader(PONG_HEADER, 'nonsense').end()))).kind).toBe('noPong');
  });

  test('is not carried on by a redirect', async () => {
    let reached = 0;
    const inside = await listening((_request, response) => {
      reached += 1;
      response.end();
    });
    const port = await listening((_q, a) => a.writeHead(307, { Location: `http://127.0.0.1:${inside}/` }).end());
    expect((await ping(port)).kind).toBe('noPong');
    expect(reached).toBe(0);
  });

  test('reads no more than 64 KB of an answer', async () => {
    let sent = 0;
    const port = await listening((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024, 0x20))) sent += 16 * 1024;
        sent += 16 * 1024;
        response.once('drain', more);
      };
      more();
    });
    expect((await ping(port)).kind).toBe('noPong');
    expect(sent).toBeLessThan(8 * 1024 * 1024);
  });

  test('of a port where nobody listens is silent', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await ping(port)).toEqual({ kind: 'silent', detail: 'refuses the connection' });
  });

  test('waits a second, by the clock it is given', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => {}));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const hurried = {
      now: clock.now,
      after(millis: number, run: () => void) {
        expect(millis).toBe(1_000);
        return clock.after(20, run);
      },
    };
    const target = { host: '127.0.0.1', port, tls: false, soapVersion: '1.1', clockOffsetMicros: 0 } as const;
    expect(await sendPing(target, nonce(), { clock: hurried, proof })).toEqual({
      kind: 'silent',
      detail: 'no answer within 1 s',
    });
  });

  test('answered by something that is not HTTP finds it alive', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect((await ping((server.address() as { port: number }).port)).kind).toBe('noPong');
  });
});
