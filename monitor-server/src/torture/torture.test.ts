import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../store/testing/random.ts';
import type { ActName } from './acts.ts';
import { createFakeEstate } from './fake-estate.ts';
import { databaseOf, inspect } from './inspect.ts';
import { startMonitor } from './monitor-process.ts';
import { torture } from './torture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-torture-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a monitor (npm run torture plays this for hours)', () => {
  const play = (name: ActName, millis: number, seed: number) => torture({ millis, seed, folder, only: [name] });

  test('loses nothing to kill -9 at random moments under load', async () => {
    const { kills, rows, failures } = await play('kill', 3_000, 42);
    expect(failures).toEqual([]);
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(rows).toBeGreaterThan(0);
    // Only what went wrong is kept.
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  test.each<[ActName, string]>([
    ['logCut', 'has a consistent prefix after its log was cut, and says how much is missing'],
    ['writeError', 'names a disk that fails, refuses reports until it is well, and has lost nothing'],
    ['damaged', 'names a damaged page and serves the rest, or says why it does not start'],
  ])(
    '%s: %s',
    async (name) => {
      expect(await play(name, 1, 43)).toMatchObject({ failures: [], acts: { [name]: 1 } });
    },
    60_000,
  );
});

describe('the torture', () => {
  test('finds a row that was acknowledged and is gone, and one that is derived wrongly', async () => {
    const random = createRandom(1);
    const clock = (): number => Date.now() * 1_000;
    const estate = createFakeEstate({ random, key: 'torture-key-1', shops: 1, start: 'test', clock });
    estate.happen(20);
    const monitor = startMonitor({ data: folder, key: 'torture-key-1' });
    const url = (await monitor.ready) ?? '';
    for (const reporter of estate.reporters) expect(await reporter.send(url, 1_000)).toMatchObject({ status: 202 });
    await monitor.stop();
    expect(inspect(folder, estate)).toEqual([]);
    const database = new SqliteDatabase(databaseOf(folder));
    database.exec('UPDATE acknowledged SET last = last - 1; UPDATE rollup_minute SET count = count + 1');
    database.close();
    const findings = inspect(folder, estate);
    expect(findings.filter((finding) => finding.includes('acknowledged rows are not stored'))).toHaveLength(2);
    expect(findings).toContainEqual(expect.stringContaining('The rollup of '));
  });

  test('keeps the folder of what failed, and tells its number', async () => {
    const broken = await torture({ millis: 1, seed: 1, folder, only: ['kill'], key: 'short' });
    expect(broken.failures).toMatchObject([{ act: 0, name: 'kill' }]);
    expect(existsSync(join(broken.failures[0]?.folder ?? '', 'findings.txt'))).toBe(true);
  });
});
