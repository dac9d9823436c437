import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences, ownCounts, settled, storedCounts } from './driver/counts.ts';
import { ingestKey } from './driver/estate.ts';
import { freePorts, root, type Started, startProcess } from './driver/process.ts';

let data: string;
let tally: string;
let port: number;
let services: readonly number[];
const processes: Started[] = [];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'soa-monitor-bad-luck-'));
  tally = join(data, 'tally');
  await mkdir(tally);
  [port = 0, ...services] = await freePorts(4);
});

afterEach(async () => {
  await Promise.all(processes.splice(0).map((started) => started.stop()));
  await rm(data, { recursive: true, force: true });
});

const startMonitor = async (): Promise<Started> => {
  const monitor = startProcess(`${root}scripts/start.mjs`, ['--no-sample', '--port', `${port}`, '--data', data]);
  processes.push(monitor);
  await monitor.until(/Open http/);
  return monitor;
};

const startSample = (monitor: string, key: string, rate: number, calls: number): Started => {
  const sample = startProcess(`${root}sample-airline-bank/dist/sample.js`, [
    ...['--monitor', monitor, '--key', key, '--data', join(data, 'sample'), '--tally', tally],
    ...['--ports', services.join(','), '--rate', `${rate}`, '--calls', `${calls}`, '--seed', '3'],
  ]);
  processes.push(sample);
  return sample;
};

/** The clients say so, one by one, when their calls are done. */
const clientsEnd = async (sample: Started): Promise<void> => {
  for (const name of ['web-shop', 'kiosk', 'call-centre', 'partner']) {
    await sample.until(new RegExp(`^${name}\\b.*ended`, 'm'));
  }
};

describe('the monitor killed with -9 in mid-load and started again', () => {
  it('has lost nothing that it acknowledged, counts nothing twice, and the interceptors catch up', async () => {
    const first = await startMonitor();
    const sample = startSample(`http://127.0.0.1:${port}`, await ingestKey(data), 80, 600);
    await expect.poll(async () => sumOf(await ownCounts(tally)), { timeout: 60_000 }).toBeGreaterThan(150);
    process.kill(Number(/^monitor\s+pid (\d+)/m.exec(first.output())?.[1]), 'SIGKILL');
    const before = sumOf(await ownCounts(tally));
    await expect.poll(async () => sumOf(await ownCounts(tally)), { timeout: 60_000 }).toBeGreaterThan(before + 60);
    await first.stop();
    await startMonitor();
    await clientsEnd(sample);
    await settled(`http://127.0.0.1:${port}`, 60_000);
    const { counts, oneSided, accounting } = await storedCounts(`http://127.0.0.1:${port}`);
    expect(differences(await ownCounts(tally), counts)).toEqual([]);
    expect(oneSided).toBe(0);
    expect(accounting).toMatchObject({ dropped: 0, difference: 0 });
  });
});

describe('the monitor absent for the whole run', () => {
  it('is not noticed by the estate', async () => {
    const sample = startSample(`http://127.0.0.1:${port}`, 'no-monitor-has-this-key', 100, 300);
    await clientsEnd(sample);
    const counts = await ownCounts(tally);
    expect(sumOf(counts)).toBeGreaterThanOrEqual(300);
    for (const trouble of ['refused', 'timeout', 'aborted', 'httpError']) {
      for (const name of ['web-shop', 'kiosk', 'call-centre', 'partner', 'airline-a', 'airline-b']) {
        expect(counts.get(`${name} ${trouble}`) ?? 0).toBe(0);
      }
    }
  });
});

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
