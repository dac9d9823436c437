import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openViewer, type Viewer } from './driver/browser.ts';
import { type MonitorApart, monitorApart } from './driver/monitor-apart.ts';
import { report } from './driver/reported.ts';
import { framesPerSecond, sceneNodes } from './driver/scene-probe.ts';

const PATIENCE = { timeout: 30_000 };
const MARKUP = `<img src=x onerror="globalThis.wasRun=1"><script>globalThis.wasRun=1</script>&amp;`;
const TURNED = '\u202eeno-desrever';
const LINKS = 3_000;

let apart: MonitorApart;
let viewer: Viewer;
let page: Page;

beforeAll(async () => {
  apart = await monitorApart();
  await apart.startMonitor();
  viewer = await openViewer(apart.url);
  page = viewer.page;
});
afterAll(async () => {
  await viewer?.close();
  await apart?.close();
});

const tell = (
  name: string,
  machine: string,
  port: number,
  more: { path?: string; operation?: string; callers?: readonly string[] } = {},
) =>
  report(apart.url, apart.data, {
    ...{ name, machine, port, path: '/service', operation: 'ask', callers: ['10.9.9.9'] },
    ...more,
  });

const nameButtons = () =>
  page.getByRole('region', { name: 'The map as a table' }).locator('tbody td:first-child button');
/** The names alone: before each stands a glyph with its own word. */
const rows = (): Promise<readonly string[]> =>
  nameButtons().evaluateAll((buttons) => buttons.map(({ lastChild }) => lastChild?.textContent ?? ''));

/** Frames of the drawing worker while the map is zoomed, in and out again. */
async function framesWhileZooming(): Promise<number> {
  const map = page.getByRole('application', { name: /Map of the services/ });
  await map.hover();
  let most = 0;
  for (let turn = 0; turn < 12; turn++) {
    await page.mouse.wheel(0, turn % 2 === 0 ? -120 : 120);
    await page.waitForTimeout(100);
    most = Math.max(most, await framesPerSecond(page));
  }
  return most;
}

describe('a monitor to which nothing has been told', () => {
  it('says how to connect the first service, and has an empty table', async () => {
    await page.getByRole('heading', { name: 'No service has spoken yet' }).waitFor();
    await page.keyboard.press('t');
    await page.getByText('Nothing to list.').waitFor();
    await page.keyboard.press('t');
  });
});

describe('names that nobody would give', () => {
  it('are on the map and in the table as they are, and run nothing', async () => {
    const long = { path: `/${'p'.repeat(1_000)}`, operation: 'o'.repeat(256) };
    const answers = await Promise.all([
      tell(MARKUP, '<b>machine</b>', 7001, { path: '/"><svg onload=globalThis.wasRun=1>' }),
      tell(TURNED, 'מכונה', 7002, { path: '/שירות' }),
      tell('👩‍👩‍👧‍👦'.repeat(11), '🏦', 7003),
      tell('twin', 'machine-one', 7004),
      tell('twin', 'machine-two', 7005),
      tell('n'.repeat(128), 'm'.repeat(128), 7006, long),
    ]);
    expect(answers.map(({ acknowledged }) => acknowledged)).toEqual([1, 1, 1, 1, 1, 1]);
    await expect.poll(async () => (await sceneNodes(page)).length, PATIENCE).toBeGreaterThanOrEqual(7);
    await page.keyboard.press('t');
    await page.keyboard.press('2');
    await expect.poll(rows, PATIENCE).toContain(MARKUP);
    const names = await rows();
    // A turned name is kept to itself; two that are called the same are told apart by their machines.
    for (const name of [`\u2068${TURNED}\u2069`, 'twin on machine-one', 'twin on machine-two', 'n'.repeat(128)])
      expect(names).toContain(name);
    for (const [index, name] of names.entries()) {
      await nameButtons().nth(index).click();
      const heading = page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { level: 2 });
      await expect.poll(() => heading.textContent()).toBe(name);
    }
    for (const level of ['1', '3', '4', '2']) await page.keyboard.press(level);
    expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
    expect(await page.locator('img, svg[onload]').count()).toBe(0);
    for (const { name } of await sceneNodes(page)) {
      expect(name.isWellFormed()).toBe(true);
      expect(name.length).toBeLessThanOrEqual(64);
    }
    // Nothing sticks out of the page, whatever the names.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('are refused where they are longer than any name, and said so; the map stands', async () => {
    const before = await rows();
    await expect(tell('n'.repeat(1_000_000), 'machine', 7008)).rejects.toThrow(/^400 .*name/);
    const long = { operation: 'o'.repeat(1_000_000) };
    expect(await tell('twin', 'machine-one', 7009, long)).toMatchObject({
      acknowledged: 0,
      refused: [{ rowSeq: 0, reason: expect.stringContaining('operation') }],
    });
    expect(await rows()).toEqual(before);
    expect(await page.getByRole('application', { name: /Map of the services/ }).count()).toBe(1);
  });

  it('are found by what is typed, markup and all', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('server:"<img*"');
    await expect.poll(rows, PATIENCE).toContain(MARKUP);
    await expect.poll(async () => (await rows()).includes('twin on machine-one'), PATIENCE).toBe(false);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });
});

describe(`a node with ${LINKS} links`, () => {
  it('is drawn while the page answers: frames keep coming, the table and the panel say how many there are', async () => {
    const callers = Array.from({ length: LINKS }, (_, index) => `10.8.${index >> 8}.${index & 255}`);
    // One page at a time: two that lay the same new nodes out at once write the same view, and the later is told to look first.
    await page.goto('about:blank');
    expect(await tell('busy', 'machine-three', 7007, { callers })).toMatchObject({ acknowledged: LINKS, refused: [] });
    await page.goto(`${apart.url}/?table=links`);
    await page.getByText(/The first 500 of 3\s0/).waitFor(PATIENCE);
    await page.keyboard.press('t');
    expect(await framesWhileZooming()).toBeGreaterThan(5);
    // So many marks cannot be read at once: it is closed in its machine, and that is said.
    await expect
      .poll(async () => (await sceneNodes(page)).some(({ name }) => /^(busy|machine-three)$/.test(name)), PATIENCE)
      .toBe(true);
    await page.keyboard.press('/');
    await page.keyboard.type('server:busy');
    await expect
      .poll(() => page.getByRole('region', { name: 'What is found' }).getByRole('status').textContent(), PATIENCE)
      .toMatch(/3\s0\d\d of 3\s0\d\d links/);
    expect(viewer.errors).toEqual([]);
  });
});
