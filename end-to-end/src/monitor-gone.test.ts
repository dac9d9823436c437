import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openViewer, type Viewer } from './driver/browser.ts';
import { type MonitorApart, monitorApart } from './driver/monitor-apart.ts';
import { sceneShown } from './driver/scene-probe.ts';
import { shownAndStored } from './driver/shown-and-stored.ts';

/** Long enough that a picture that is not read from the store would show a gap. */
const GONE_SECONDS = 3;
const PATIENCE = { timeout: 30_000 };

let apart: MonitorApart;
let viewer: Viewer;

beforeAll(async () => {
  apart = await monitorApart();
  await apart.startMonitor();
  await apart.startSample(40, 100_000);
  viewer = await openViewer(apart.url);
});
afterAll(async () => {
  await viewer?.close();
  await apart?.close();
});

/** How old the picture is, as the top row tells it. */
async function secondsBehind(): Promise<number> {
  const told = (await viewer.page.locator('.badge', { hasText: 'behind' }).allTextContents()).join();
  const [, amount = '', unit = ''] = /([\d.]+)\s*(ms|s|min)\s+behind/.exec(told.replaceAll(/\s+/g, ' ')) ?? [];
  return Number(amount) * (unit === 'ms' ? 0.001 : unit === 'min' ? 60 : 1);
}

describe('the monitor killed while somebody looks at the map, and started again', () => {
  it('is told, with how old the picture is, and the picture stands still instead of fading into nothing', async () => {
    const { page } = viewer;
    await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBeGreaterThan(100);
    await apart.killMonitor();
    await page.getByText('No connection to the monitor').waitFor();
    const held = await sceneShown(page);
    await expect.poll(secondsBehind, PATIENCE).toBeGreaterThan(GONE_SECONDS);
    expect(await sceneShown(page)).toMatchObject({ playhead: held.playhead, count: held.count });
    expect(await page.getByRole('application', { name: /Map of the services/ }).isVisible()).toBe(true);
  });

  it('is caught up with, without a gap: the map counts what the store does', async () => {
    const { page } = viewer;
    await apart.startMonitor();
    await page.getByText('No connection to the monitor').waitFor({ state: 'hidden' });
    await expect.poll(secondsBehind, PATIENCE).toBeLessThan(2);
    await page.keyboard.press('Space');
    await expect.poll(async () => (await sceneShown(page)).mode).toBe('paused');
    await expect
      .poll(() => shownAndStored(page, apart.url), PATIENCE)
      .toSatisfy(({ shown, stored }: Awaited<ReturnType<typeof shownAndStored>>) => isDeepStrictEqual(shown, stored));
    // The gap is inside of the minute that was counted, and was not empty.
    expect((await shownAndStored(page, apart.url)).stored.count).toBeGreaterThan(100);
  });
});
