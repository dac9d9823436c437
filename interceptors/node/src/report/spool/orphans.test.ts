import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { disk } from './disk.ts';
import { manifestText } from './manifest.ts';
import { claimOrphans } from './orphans.ts';
import { type Owner, readSelf } from './owner.ts';
import { packSegment, segmentName } from './segment.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const DEAD = 'reporter-of-the-dead';
const counters = { observed: 9, acknowledged: 0, refused: 0, inTransit: 0, queued: 9, dropped: {}, noise: 0, pings: 0 };
const header = (reporter: string) => ({
  ...{ reporter, name: 'n', machine: 'm', hostId: 'h', pid: 1, stack: 's', listeners: [], advertised: null },
  ...{ sentAt: 1_795_000_000_000_000, closing: false, counters: { ...counters, failures: 0 } },
});

/** A sub-folder as a process leaves it. */
async function leave({
  owner,
  folder,
  beatAt = Date.now(),
  hasManifest = true,
}: {
  owner: Owner | string | null;
  folder: string;
  beatAt?: number;
  hasManifest?: boolean;
}): Promise<void> {
  const path = join(folder, `soa-monitor-${DEAD}`);
  await mkdir(path);
  const manifest = manifestText({ header: header(DEAD), settledThrough: 3 });
  if (hasManifest) await writeFile(join(path, 'manifest.json'), manifest);
  const bytes = await packSegment(manifest.replace('"rows":[]', '"rows":[[0],[1]]'));
  for (const [number, rows] of [
    [3, 2],
    [5, 2],
    [4, 2],
    [5, 1],
  ] as const)
    await writeFile(join(path, segmentName({ number, rows, bytes: bytes.byteLength })), bytes);
  await writeFile(join(path, '0000000009-1-1.json.gz.tmp'), '');
  if (owner === null) return;
  const ownerPath = join(path, 'owner.json');
  await writeFile(ownerPath, typeof owner === 'string' ? owner : JSON.stringify(owner));
  await utimes(ownerPath, beatAt / 1_000, beatAt / 1_000);
}

async function shared(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  folders.push(folder);
  return folder;
}

const claim = async (folder: string, reporter = 'a-living-reporter-1') =>
  claimOrphans({ disk, folder, self: await readSelf(), reporter, now: Date.now }, 10);

test('what a dead process left is claimed, in order, without what it had settled', async () => {
  const folder = await shared();
  await leave({ folder, owner: { ...(await readSelf()), pid: 2 ** 22 + 1 } });
  const [orphan] = await claim(folder);
  expect(orphan?.manifest.header.reporter).toBe(DEAD);
  expect(orphan?.segments.map(({ number, rows }) => [number, rows])).toEqual([
    [4, 2],
    [5, 2],
  ]);
  expect(await readdir(folder)).toEqual([`soa-monitor-${DEAD}.a-living-reporter-1`]);
});

test('of several processes that try at once, one gets it', async () => {
  const folder = await shared();
  await leave({ folder, owner: { ...(await readSelf()), startedAt: '1' } });
  const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(folder, `a-living-reporter-${i}`)));
  expect(claims.flat()).toHaveLength(1);
  expect(await claim(folder, 'another-living-reporter')).toEqual([]);
});

test('what a living process owns is left alone, and a number given to another process since is no life', async () => {
  const folder = await shared();
  const self = await readSelf();
  await leave({ folder, owner: self, beatAt: 0 });
  expect(await claim(folder)).toEqual([]);
  await writeFile(join(folder, `soa-monitor-${DEAD}`, 'owner.json'), JSON.stringify({ ...self, startedAt: '1' }));
  expect(await claim(folder)).toHaveLength(1);
});

test.each<[string, string | Owner]>([
  ['another boot or container', { pid: process.pid, startedAt: '1', scope: 'elsewhere' }],
  ['a kernel that does not tell', { pid: 1, startedAt: null, scope: 'here' }],
  ['a damaged file', '{"pid":'],
])('an owner of %s is believed as long as it gives signs of life', async (_what, owner) => {
  const folder = await shared();
  await leave({ folder, owner, beatAt: Date.now() - 50_000 });
  expect(await claim(folder)).toEqual([]);
  const path = join(folder, `soa-monitor-${DEAD}`, 'owner.json');
  await utimes(path, Date.now() / 1_000 - 70, Date.now() / 1_000 - 70);
  expect(await claim(folder)).toHaveLength(1);
});

test('what was let go of is claimed at once; what is just being made is not', async () => {
  const folder = await shared();
  await leave({ folder, owner: null, hasManifest: false });
  expect(await claim(folder)).toEqual([]);
  await rm(join(folder, `soa-monitor-${DEAD}`), { recursive: true });
  await leave({ folder, owner: null });
  expect(await claim(folder)).toHaveLength(1);
});

test('without a manifest a segment says whose rows they are', async () => {
  const folder = await shared();
  await leave({ folder, owner: { ...(await readSelf()), startedAt: '1' }, hasManifest: false });
  const [orphan] = await claim(folder);
  expect(orphan?.manifest.header.reporter).toBe(DEAD);
  expect(orphan?.segments.map(({ number }) => number)).toEqual([4, 5]);
});

test('other people’s folders and files are not touched', async () => {
  const folder = await shared();
  await mkdir(join(folder, 'soa-monitor-short'));
  await mkdir(join(folder, 'a-folder-of-somebody-else'));
  await writeFile(join(folder, 'soa-monitor-a-file-of-somebody'), '');
  const before = await readdir(folder);
  expect(await claim(folder)).toEqual([]);
  expect(await readdir(folder)).toEqual(before);
  expect(await claim(join(folder, 'absent'))).toEqual([]);
});
