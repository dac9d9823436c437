import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createPageSender } from './send-page.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Each request is answered with a page of so many zeros as its path says. */
async function serve(settings: Parameters<typeof createPageSender>[0]): Promise<number> {
  const send = createPageSender(settings);
  server = createServer((request, response) => {
    const make = async () => new Uint8Array(Number(request.url?.slice(1)));
    void send(request, response, { kind: 'page', mediaType: 'x/y', make });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('who does not take a page is cut off, and holds up one place until then', async () => {
  const port = await serve({ concurrent: 1, takenMillis: 2_000 });
  const idle = connect(port, '127.0.0.1');
  idle.write('GET /67108864 HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(server, 'request');
  const busy = await fetch(`http://127.0.0.1:${port}/10`);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);
  idle.on('error', () => {});
  await once(idle.resume(), 'close');
  const next = await fetch(`http://127.0.0.1:${port}/10`);
  expect([next.status, (await next.arrayBuffer()).byteLength]).toEqual([200, 10]);
});

test('compresses for those who take it', async () => {
  const port = await serve({ concurrent: 1, takenMillis: 60_000 });
  const zipped = await fetch(`http://127.0.0.1:${port}/100000`, { headers: { 'Accept-Encoding': 'br, gzip' } });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect((await zipped.arrayBuffer()).byteLength).toBe(100_000);
  const plain = await fetch(`http://127.0.0.1:${port}/100000`, { headers: { 'Accept-Encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
});
