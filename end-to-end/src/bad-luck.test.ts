import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences, ownCounts, settled, storedCounts } from './driver/counts.ts';
import { type MonitorApart, monitorApart } from './driver/monitor-apart.ts';
import type { Started } from './driver/process.ts';

let apart: MonitorApart;

beforeEach(async () => {
  apart = await monitorApart();
});
afterEach(() => apart.close());

/** The clients say so, one by one, when their calls are done. */
const clientsEnd = async (sample: Started): Promise<void> => {
  for (const name of ['web-shop', 'kiosk', 'call-centre', 'partner']) {
    await sample.until(new RegExp(`^${name}\\b.*ended`, 'm'));
  }
};

describe('the monitor killed with -9 in mid-load and started again', () => {
  it('has lost nothing that it acknowledged, counts nothing twice, and the interceptors catch up', async () => {
    const { url, tally } = apart;
    await apart.startMonitor();
    // Long enough that the monitor is back before the clients end, on a slow machine too: who ends without it loses its last rows.
    const sample = await apart.startSample(80, 1_000);
    await expect.poll(async () => sumOf(await ownCounts(tally)), { timeout: 60_000 }).toBeGreaterThan(100);
    await apart.killMonitor();
    const before = sumOf(await ownCounts(tally));
    await expect.poll(async () => sumOf(await ownCounts(tally)), { timeout: 60_000 }).toBeGreaterThan(before + 40);
    await apart.startMonitor();
    await clientsEnd(sample);
    // A reporter that found nobody for a while tries again in its own time.
    const missing = async () => differences(await ownCounts(tally), (await storedCounts(url)).counts);
    await expect.poll(missing, { timeout: 60_000, interval: 500 }).toEqual([]);
    await settled(url, 60_000);
    const { counts, oneSided, accounting } = await storedCounts(url);
    expect(differences(await ownCounts(tally), counts)).toEqual([]);
    expect(oneSided).toBe(0);
    expect(accounting).toMatchObject({ dropped: 0, difference: 0 });
  });
});

describe('the monitor absent for the whole run', () => {
  it('is not noticed by the estate', async () => {
    const sample = await apart.startSample(100, 300, 'no-monitor-has-this-key');
    await clientsEnd(sample);
    const counts = await ownCounts(apart.tally);
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
