import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createGuard } from '../../tap/guarded.ts';
import { observation } from '../../testing/observation.ts';
import { encodeReport } from '../encode-report.ts';
import { createRowQueue, type RowCounts } from '../row-queue.ts';
import { createBacklog } from './backlog.ts';
import { type Disk, disk } from './disk.ts';
import { createTurns } from './in-turn.ts';
import { manifestText, parseManifest } from './manifest.ts';
import { countsOfReport, countsWith } from './row-counts.ts';
import { createSpooledSupply } from './spooled-supply.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const HEADER = {
  reporter: 'a-reporter-of-a-test',
  name: 'n',
  machine: 'm',
  hostId: 'h',
  pid: 1,
  stack: 's',
  listeners: [],
  advertised: null,
  sentAt: 1_795_000_000_000_000,
  closing: false,
};

interface Options {
  readonly files?: Partial<Disk>;
  readonly rowsMax?: number;
  readonly bytesMax?: number;
}

function isAccounted({ observed, acknowledged, refused, inTransit, queued, dropped }: RowCounts): boolean {
  const counts = [acknowledged, refused, inTransit, queued, ...Object.values(dropped)];
  return counts.every((count) => count >= 0) && counts.reduce((sum, count) => sum + count, 0) === observed;
}

/** A supply over a real folder. */
async function start({ files = {}, rowsMax = 20_000, bytesMax = 1e9 }: Options = {}) {
  const shared = await mkdtemp(join(tmpdir(), 'spool-'));
  folders.push(shared);
  const folder = join(shared, 'own');
  const queue = createRowQueue({ rowsMax, bytesMax: 1e9 });
  const inTurn = createTurns();
  const failures: string[] = [];
  /** Manifests that did not add up. */
  const wrongs: string[] = [];
  const counters = () => ({ ...supply.counts(), noise: 0, pings: 0, failures: 0 });
  const backlog = createBacklog(
    {
      disk: { ...disk, ...files },
      folder,
      inTurn,
      manifest: (settled, settledThrough) => {
        const counts = countsWith(queue.counts(), settled);
        if (!isAccounted(counts)) wrongs.push(JSON.stringify(counts));
        return manifestText({ header: { ...HEADER, counters: { ...counters(), ...counts } }, settledThrough });
      },
      prepare: () => disk.makeFolder(folder),
      makeRoom: (bytes) => {
        while (backlog.bytes() + bytes > bytesMax) if (!backlog.dropOldest()) return false;
        return true;
      },
      isRemovedWhenEmpty: true,
    },
    null,
  );
  const guard = createGuard();
  const supply = createSpooledSupply({
    queue,
    backlog,
    inTurn,
    guard,
    encode: (rows) => JSON.stringify(encodeReport({ ...HEADER, counters: counters() }, rows)),
    onFailure: (code) => failures.push(code),
  });
  const offer = (count: number): void => {
    for (let i = 0; i < count; i++) queue.offer(observation({ exchangeNo: i }));
  };
  /** The numbers of the next batch, which is settled; and the accounting while it was on its way. */
  const send = async (rowsMax = 1_000): Promise<number[]> => {
    const batch = await supply.take(rowsMax, 1e9);
    expectAccounted(countsOfReport(supply.counts(), batch.length));
    const seqs = 'kind' in batch ? batch.body.rows.map((row) => row[0]) : batch.map((row) => row.rowSeq);
    supply.settle(batch.length, 0);
    return seqs;
  };
  const expectAccounted = (counts = supply.counts()): void => expect(counts).toSatisfy(isAccounted);
  const sendAll = async (): Promise<number[]> => {
    const seqs: number[] = [];
    while (supply.size() > 0) seqs.push(...(await send()));
    return seqs;
  };
  /** The segments' names, once everything asked of the disk is done. */
  const names = async (): Promise<string[]> => {
    await inTurn(async () => {});
    expect(wrongs).toEqual([]);
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null);
    if (manifest !== null) expect(parseManifest(manifest)?.header.reporter).toBe(HEADER.reporter);
    return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.gz')).sort();
  };
  return { folder, queue, backlog, supply, failures, guard, offer, send, sendAll, names, expectAccounted, inTurn };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test('rows kept on disk leave memory, and come back in order before those of memory', async () => {
  const { supply, queue, offer, send, names, expectAccounted, folder, guard } = await start();
  offer(2_500);
  await supply.keep();
  expect(queue.size()).toBe(0);
  expect(await names()).toEqual([
    expect.stringMatching(/^0000000000-1000-\d+\.json\.gz$/),
    expect.stringMatching(/^0000000001-1000-/),
    expect.stringMatching(/^0000000002-500-/),
  ]);
  offer(10);
  expectAccounted();
  expect(supply.counts()).toMatchObject({ observed: 2_510, queued: 2_510, acknowledged: 0 });
  expect(await send()).toEqual(numbers(0, 1_000));
  expect(await send()).toEqual(numbers(1_000, 2_000));
  expect(await send()).toEqual(numbers(2_000, 2_500));
  expect(await send()).toEqual(numbers(2_500, 2_510));
  expect(supply.counts()).toMatchObject({ acknowledged: 2_510, queued: 0, dropped: {} });
  expect(await names()).toEqual([]);
  expect(await readdir(join(folder, '..'))).toEqual([]);
  expect(guard.failures()).toBe(0);
});

test('few rows are a copy that grows with what comes, until they make a segment', async () => {
  const { supply, queue, offer, names, expectAccounted } = await start();
  for (let i = 0; i < 3; i++) {
    offer(60);
    await supply.keep();
    expectAccounted();
    expect(await names()).toEqual([expect.stringMatching(new RegExp(`^0000000000-${60 * (i + 1)}-`))]);
    expect(queue.size()).toBe(60 * (i + 1));
  }
  offer(60);
  await supply.keep();
  expect(queue.size()).toBe(0);
  expect(await names()).toEqual([expect.stringMatching(/^0000000000-240-/)]);
});

test('a copy goes when its rows were sent from memory', async () => {
  const { supply, offer, send, names, folder } = await start();
  offer(10);
  await supply.keep();
  expect(await names()).toHaveLength(1);
  expect(await send(4)).toEqual(numbers(0, 4));
  expect(await names()).toEqual([]);
  await supply.keep();
  expect(await names()).toEqual([expect.stringMatching(/^0000000000-6-/)]);
  expect(await send()).toEqual(numbers(4, 10));
  expect(await names()).toEqual([]);
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a batch on its way without an answer is written, and its answer settles what was written', async () => {
  const { supply, queue, offer, names, sendAll, expectAccounted } = await start();
  offer(30);
  await supply.take(1_000, 1e9);
  offer(300);
  await supply.keep();
  expect(queue.size()).toBe(0);
  expect(await names()).toHaveLength(2);
  expectAccounted(countsOfReport(supply.counts(), 30));
  supply.settle(30, 0);
  expect(await names()).toEqual([expect.stringMatching(/^0000000001-300-/)]);
  expect(supply.counts()).toMatchObject({ acknowledged: 30, queued: 300 });
  expect(await sendAll()).toEqual(numbers(30, 330));
});

test('an answer that comes while the batch is being written counts for it as well', async () => {
  const { supply, offer, names, sendAll, expectAccounted } = await start();
  offer(30);
  await supply.take(1_000, 1e9);
  const keeping = supply.keep();
  await Promise.resolve();
  supply.settle(30, 0);
  expectAccounted(countsOfReport(supply.counts(), 0));
  await keeping;
  expect(supply.counts()).toMatchObject({ acknowledged: 30, queued: 0 });
  offer(5);
  expect(await sendAll()).toEqual(numbers(30, 35));
  expect(await names()).toEqual([]);
});

test('a batch given back is sent again, part by part where the monitor wants it smaller', async () => {
  const { supply, offer, send, sendAll } = await start();
  offer(400);
  await supply.keep();
  await supply.take(1_000, 1e9);
  supply.giveBack();
  expect(await send(100)).toEqual(numbers(0, 100));
  await supply.take(1, 1e9);
  supply.discard('notTaken');
  expect(await sendAll()).toEqual(numbers(101, 400));
  expect(supply.counts()).toMatchObject({ acknowledged: 399, dropped: { notTaken: 1 } });
});

test('over its bound the oldest segments are dropped and counted, but not the one on its way', async () => {
  const { supply, offer, sendAll, names, expectAccounted, backlog } = await start({ bytesMax: 20_000 });
  for (let i = 0; i < 2; i++) {
    offer(1_000);
    await supply.keep();
  }
  await supply.take(1_000, 1e9);
  for (let i = 0; i < 10; i++) {
    offer(1_000);
    await supply.keep();
    expectAccounted();
    expect(backlog.bytes()).toBeLessThanOrEqual(20_000);
  }
  const { spoolFull = 0 } = supply.counts().dropped;
  expect(spoolFull).toBeGreaterThan(0);
  supply.giveBack();
  const seqs = await sendAll();
  expect(seqs).toHaveLength(12_000 - spoolFull);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(seqs.slice(0, 1_000)).toEqual(numbers(0, 1_000));
  expect(supply.counts()).toMatchObject({ acknowledged: 12_000 - spoolFull, queued: 0 });
  expect(await names()).toEqual([]);
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ['half of it', async (path) => truncate(path, 100)],
  ['one bit of it', async (path) => writeFile(path, (await readFile(path)).fill(0x55, 200, 201))],
  ['all of it', async (path) => rm(path)],
  ['its content, in whole gzip,', async (path) => writeFile(path, Buffer.from('x'))],
])('a segment of which %s was lost is counted and passed over', async (_what, damage) => {
  const { supply, offer, sendAll, names, folder, guard } = await start();
  offer(3_000);
  await supply.keep();
  const [, second = ''] = await names();
  await damage(join(folder, second));
  expect(await sendAll()).toEqual([...numbers(0, 1_000), ...numbers(2_000, 3_000)]);
  expect(supply.counts()).toMatchObject({ acknowledged: 2_000, queued: 0, dropped: { spoolDamaged: 1_000 } });
  expect(guard.failures()).toBe(0);
});

const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

test('a full disk leaves the rows in memory, within its bound; drops are then the disk’s, and it recovers', async () => {
  let isFull = true;
  const { supply, offer, sendAll, failures, expectAccounted, guard } = await start({
    rowsMax: 500,
    files: { write: (path, bytes) => (isFull ? failing('ENOSPC') : disk.write(path, bytes)) },
  });
  offer(400);
  await supply.keep();
  expect(failures).toEqual(['ENOSPC']);
  expect(supply.counts()).toMatchObject({ queued: 400, dropped: {} });
  offer(300);
  await supply.keep();
  expect(supply.counts()).toMatchObject({ queued: 500, dropped: { spoolFailed: 200 } });
  isFull = false;
  await supply.keep();
  offer(600);
  expectAccounted();
  expect(supply.counts().dropped).toEqual({ queueFull: 100, spoolFailed: 200 });
  expect(await sendAll()).toEqual([...numbers(200, 700), ...numbers(800, 1_300)]);
  expect(guard.failures()).toBe(0);
});

test('a folder that cannot be made, or was removed, costs nothing but the disk', async () => {
  const { supply, offer, sendAll, failures, folder } = await start();
  await writeFile(folder, 'a file stands in its place');
  offer(10);
  await supply.keep();
  expect(failures).toHaveLength(1);
  await rm(folder);
  offer(300);
  await supply.keep();
  await rm(folder, { recursive: true });
  offer(300);
  await supply.keep();
  await supply.keep();
  expect(await sendAll()).toEqual(numbers(310, 610));
  expect(supply.counts()).toMatchObject({ acknowledged: 300, dropped: { spoolDamaged: 310 } });
});

test('when too many files are open it is tried again, and nothing overtakes', async () => {
  let failures = 0;
  const { supply, offer, send, sendAll } = await start({
    files: { read: (path) => (failures++ < 2 ? failing('EMFILE') : disk.read(path)) },
  });
  offer(300);
  await supply.keep();
  offer(5);
  expect(await send()).toEqual([]);
  expect(await send()).toEqual([]);
  expect(await sendAll()).toEqual(numbers(0, 305));
});

test('a segment is a report that anybody can read, for its owner alone', async () => {
  const { supply, offer, names, folder } = await start();
  offer(300);
  await supply.keep();
  const [name = ''] = await names();
  const report = JSON.parse(gunzipSync(await readFile(join(folder, name))).toString());
  expect(report).toMatchObject({ version: 1, reporter: HEADER.reporter });
  expect(report.rows).toHaveLength(300);
});
