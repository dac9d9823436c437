import { once } from 'node:events';
import { connect } from 'node:net';
import type { Delta, LiveClientEvents, LiveServerEvents, Node, ReportAnswer } from '@soa-monitor/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf } from '../testing/body-of.ts';
import { createMemoryStore, type MemoryStore } from '../testing/memory-store.ts';
import { wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';

type Viewer = Socket<LiveServerEvents, LiveClientEvents>;

const node = (id: string): Node => ({
  id,
  kind: 'server',
  name: id,
  parent: null,
  address: null,
  monitored: true,
  state: null,
  firstSeen: 1,
  lastSeen: 1,
});

let store: MemoryStore;
let running: Awaited<ReturnType<typeof startServer>>;
const viewers: Viewer[] = [];

const open = (options: object = {}): Viewer => {
  const viewer: Viewer = io(`${running.url}/live`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  viewers.push(viewer);
  return viewer;
};
const next = <Event extends keyof LiveServerEvents>(
  viewer: Viewer,
  event: Event,
): Promise<Parameters<LiveServerEvents[Event]>[0]> => new Promise((resolve) => viewer.once(event, resolve as never));
const failure = (viewer: Viewer): Promise<Error> => new Promise((resolve) => viewer.once('connect_error', resolve));

beforeEach(async () => {
  store = createMemoryStore();
  running = await startServer(store, { viewersMax: 3 });
});
afterEach(async () => {
  for (const viewer of viewers.splice(0)) viewer.disconnect();
  await running.server.close();
});

describe('/live', () => {
  test.each([['websocket'], ['polling']])('a viewer over %s gets a snapshot, then deltas', async (transport) => {
    store.commit({ nodes: [node('bank')] });
    const viewer = open({ transports: [transport] });
    viewer.emit('watch', {});
    const snapshot = await next(viewer, 'snapshot');
    expect(snapshot.nodes.map(({ id }) => id)).toEqual(['bank']);
    expect(snapshot.accounting).toEqual(store.figures);
    const arriving = next(viewer, 'delta');
    store.commit({ nodes: [node('airline')] });
    const delta = await arriving;
    expect(delta).toMatchObject({ epoch: snapshot.epoch, deltaSeq: snapshot.deltaSeq + 1, sample: 1 });
    expect(delta.nodes.map(({ id }) => id)).toEqual(['airline']);
  });

  test('a viewer that was away resumes with what it missed', async () => {
    const first = open();
    first.emit('watch', {});
    const { epoch, deltaSeq } = await next(first, 'snapshot');
    first.disconnect();
    store.commit({ nodes: [node('a')] });
    const again = open();
    const missed: Delta[] = [];
    again.on('delta', (delta) => missed.push(delta));
    again.on('snapshot', () => expect.unreachable());
    again.emit('watch', { epoch, deltaSeq });
    const delta = await next(again, 'delta');
    expect([delta.deltaSeq, delta.nodes[0]?.id]).toEqual([deltaSeq + 1, 'a']);
  });

  test('a viewer of an earlier start, or with a gap, is resynchronised', async () => {
    store.commit({ nodes: [node('a')] });
    for (const request of [{ epoch: 'earlier', deltaSeq: 1 }, { epoch: 'earlier' }, { deltaSeq: 99 }]) {
      const viewer = open();
      viewer.emit('watch', request);
      expect((await next(viewer, 'snapshot')).nodes).toHaveLength(1);
      viewer.disconnect();
    }
  });

  test('tells the time when asked', async () => {
    const viewer = open();
    const time = await new Promise<number>((resolve) => viewer.emit('clock', resolve));
    expect(Math.abs(time - Date.now() * 1_000)).toBeLessThan(5_000_000);
  });

  test('reporters come often while somebody watches', async () => {
    const viewer = open();
    viewer.emit('watch', {});
    await next(viewer, 'snapshot');
    const { nextReportMillis } = await bodyOf<ReportAnswer>(await running.send(JSON.stringify(wireReport())));
    expect(nextReportMillis).toBe(60);
  });

  test('no more viewers than allowed, and the default namespace is not there', async () => {
    const three = [open(), open(), open()];
    await Promise.all(three.map((viewer) => new Promise<void>((resolve) => viewer.once('connect', () => resolve()))));
    expect((await failure(open())).message).toBeTruthy();
    three[0]?.disconnect();
    const other = io(running.url, { transports: ['websocket'], forceNew: true, reconnection: false });
    viewers.push(other as Viewer);
    expect(await failure(other as Viewer)).toBeTruthy();
  });

  test('junk, and more than 16 KB at once, ends that line and nothing else', async () => {
    const good = open();
    good.emit('watch', {});
    await next(good, 'snapshot');
    const bad = open();
    await new Promise<void>((resolve) => bad.once('connect', () => resolve()));
    (bad as Socket).emit('watch', { __proto__: null, deltaSeq: {} }, 1, 2);
    (bad as Socket).emit('clock', 'no function');
    const ended = new Promise((resolve) => bad.once('disconnect', resolve));
    (bad as Socket).emit('watch', { junk: 'x'.repeat(20_000) });
    await ended;
    const arriving = next(good, 'delta');
    store.commit({ nodes: [node('still-here')] });
    expect((await arriving).nodes).toHaveLength(1);
  });

  test('a viewer that never reads does not hold up the end', async () => {
    const socket = connect(running.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:${running.port}\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.pause();
    const begun = performance.now();
    await running.server.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    socket.destroy();
    running = await startServer(store);
  });

  test('a delta is put into words once, however many watch', async () => {
    let told = 0;
    const counting = (id: string): Node => ({
      ...node(id),
      ...{ toJSON: () => ({ ...node(id), name: String(++told) }) },
    });
    const timesToldTo = async (watching: readonly Viewer[]): Promise<number> => {
      told = 0;
      const arriving = watching.map((viewer) => next(viewer, 'delta'));
      store.commit({ nodes: [counting('bank')] });
      await Promise.all(arriving);
      return told;
    };
    const watching: Viewer[] = [];
    const watch = async (): Promise<void> => {
      const viewer = open();
      viewer.emit('watch', {});
      await next(viewer, 'snapshot');
      watching.push(viewer);
    };
    await watch();
    const toOne = await timesToldTo(watching);
    expect(toOne).toBeGreaterThan(0);
    await watch();
    await watch();
    expect(await timesToldTo(watching)).toBe(toOne);
  });

  test('a viewer that does not read costs no more than a bounded buffer, and others do not notice', async () => {
    // A viewer by hand, so that it can stop reading: socket.io's own client always reads.
    const socket = connect(running.port, '127.0.0.1');
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:${running.port}\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.write(frame('40/live,'));
    await once(socket, 'data');
    socket.write(frame('42/live,["watch",{}]'));
    await once(socket, 'data');
    socket.pause();

    const good = open();
    good.emit('watch', {});
    await next(good, 'snapshot');
    const padding = 'x'.repeat(100_000);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    for (let i = 0; i < 400; i++) {
      const arriving = next(good, 'delta');
      store.commit({ nodes: [{ ...node('big'), name: `${i}${padding}` }] });
      expect((await arriving).nodes[0]?.name.startsWith(String(i))).toBe(true);
    }
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    // 400 deltas of 100 KB are 40 MB twice: in the ring, and in this process' own good viewer until collected.
    expect(grown).toBeLessThan(200 * 1024 * 1024);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.resume();
    // Too far behind for deltas: it is brought up by a second snapshot.
    while (!text.includes('"snapshot"')) await once(socket, 'data');
    socket.destroy();
  });
});

/** A masked WebSocket text frame of at most 125 bytes. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
