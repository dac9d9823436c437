import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openViewer, type Viewer } from './driver/browser.ts';
import { type MonitorApart, monitorApart } from './driver/monitor-apart.ts';
import { report } from './driver/reported.ts';
import { sceneShown } from './driver/scene-probe.ts';
import { shownAndStored } from './driver/shown-and-stored.ts';

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
/** One call in so long. */
const EVERY = 2 * SECOND;
const PATIENCE = { timeout: 30_000 };

let apart: MonitorApart;
let viewer: Viewer;

beforeAll(async () => {
  apart = await monitorApart();
  await apart.startMonitor();
  viewer = await openViewer(apart.url);
});
afterAll(async () => {
  await viewer?.close();
  await apart?.close();
});

/** So many calls of the seconds before `now`, as one process reports them. */
const tell = (port: number, now: number, calls: number) =>
  report(apart.url, apart.data, {
    ...{ name: 'awake', machine: 'machine', port, path: '/service', operation: 'ask' },
    callers: Array.from({ length: calls }, (_, index) => `10.7.0.${index % 4}`),
    now,
    startOf: (index) => now - (calls - index) * EVERY,
  });

/**
 * As with a lid that is closed: nothing of the page runs, its own clock stands, its connection ends without a word. What
 * passes is an hour of the monitor's, which is killed meanwhile and started with a clock that is an hour ahead.
 */
it('a tab that was asleep for an hour shows the present, and counts what the store does', async () => {
  const { page } = viewer;
  await tell(7101, Date.now() * 1_000, 20);
  await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBe(20);
  const before = await sceneShown(page);
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  await apart.killMonitor();
  await apart.startMonitor(HOUR / 1_000);
  const now = Date.now() * 1_000 + HOUR;
  expect(await tell(7102, now, HOUR / EVERY)).toMatchObject({ acknowledged: HOUR / EVERY, refused: [] });
  await browser.send('Page.setWebLifecycleState', { state: 'active' });
  await expect.poll(async () => (await sceneShown(page)).playhead, PATIENCE).toBeGreaterThan(before.playhead + HOUR);
  // The last minute of it, which is read from the store.
  await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBeGreaterThan(20);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await sceneShown(page)).mode).toBe('paused');
  await expect
    .poll(() => shownAndStored(page, apart.url), PATIENCE)
    .toSatisfy(({ shown, stored }: Awaited<ReturnType<typeof shownAndStored>>) => isDeepStrictEqual(shown, stored));
  expect((await shownAndStored(page, apart.url)).stored.count).toBeGreaterThan(10);
  // And the hour that it slept through is there to be looked at.
  const [from, to] = [now - HOUR / 2, now - HOUR / 2 + 60 * SECOND];
  await page.goto(`${apart.url}/?from=${from}&to=${to}&at=${to}`);
  await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBe((60 * SECOND) / EVERY);
});
