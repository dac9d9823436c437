import http from 'node:http';
import net from 'node:net';
import { expect, test } from 'vitest';
import type { FakeMonitor } from '../../node/src/testing/fake-monitor.ts';
import { playCaller, playTarget } from './testing/peer.ts';
import { createClosers, portOf, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();
const behind = (monitor: FakeMonitor) => monitor.reports.at(-1)?.header.listeners[0]?.behind;

test('what is behind is told apart from the proxy’s own life: unknown, up, down, and up again', async () => {
  const target = net.createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const port = portOf(target.address());
  const { monitor, port: own } = await proxied(whenDone, [routeTo(port, { probeMillis: 50 })]);
  await monitor.until((m) => behind(m)?.state === 'up');
  expect(behind(monitor)).toEqual({ address: `127.0.0.1:${port}`, state: 'up', detail: 'connection accepted' });
  await new Promise((resolve) => target.close(resolve));
  await monitor.until((m) => behind(m)?.state === 'down');
  expect(behind(monitor)?.detail).toContain('ECONNREFUSED');
  expect(monitor.reports.at(-1)?.header.listeners[0]?.port).toBe(own);
  await new Promise<void>((resolve) => target.listen(port, '127.0.0.1', resolve));
  whenDone(() => target.close());
  await monitor.until((m) => behind(m)?.state === 'up');
});

test('a call that fails there asks at once', async () => {
  const target = await playTarget(whenDone, () => undefined);
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port, { probeMillis: 3_600_000 })]);
  await monitor.until((m) => behind(m)?.state === 'up');
  const first = await target.peers;
  await first.ended();
  // Gone, without a probe that was due.
  const gone = await proxied(whenDone, [routeTo(1, { probeMillis: 3_600_000 })]);
  await gone.monitor.until((m) => behind(m)?.state === 'down');
  const caller = await playCaller(gone.port, async (peer) => {
    peer.send('GET / HTTP/1.1\r\n\r\n');
    await peer.ended();
    peer.end();
  });
  expect((await caller.closed).bytes).toContain('502 Bad Gateway');
  expect(port).toBeGreaterThan(0);
});

test('with a path to ask for, its answer counts: an error is down, a description up', async () => {
  let status = 500;
  const asked: (string | undefined)[] = [];
  const target = http.createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end('<definitions/>');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  whenDone(() => target.close());
  const port = portOf(target.address());
  const { monitor } = await proxied(whenDone, [routeTo(port, { probeMillis: 50, probePath: '/s?wsdl' })]);
  await monitor.until((m) => behind(m)?.state === 'down');
  expect(behind(monitor)?.detail).toBe('GET /s?wsdl: 500');
  status = 200;
  await monitor.until((m) => behind(m)?.state === 'up');
  expect(behind(monitor)?.detail).toBe('GET /s?wsdl: 200');
  expect(new Set(asked)).toEqual(new Set(['/s?wsdl']));
  // Its own questions are not traffic.
  expect(monitor.reports.at(-1)?.header.counters).toMatchObject({ observed: 0, noise: 0 });
});
