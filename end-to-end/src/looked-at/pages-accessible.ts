import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Exchanges } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { ask } from '../driver/counts.ts';
import { shared } from './shared-estate.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What the system asks for: the page has no choice of its own, and follows. */
const SYSTEMS = {
  contrast: { colorScheme: 'light', contrast: 'more' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  light: { colorScheme: 'light', contrast: 'no-preference' },
} as const;

/** What axe finds wrong with the page as it stands, rule by rule with the places. */
async function violations(): Promise<readonly string[]> {
  const { page } = shared;
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found } = await (
      globalThis as unknown as {
        axe: {
          run(context: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

/** The page as it stands, in each theme. */
async function looksWell(what: string): Promise<void> {
  const { page } = shared;
  for (const [theme, system] of Object.entries(SYSTEMS)) {
    await page.emulateMedia(system);
    await page.locator(`:root[data-theme="${theme}"]`).waitFor();
    expect(await violations(), `${what}, ${theme}`).toEqual([]);
  }
}

/** Opens an address of the viewer and waits until its panel or its page is there. */
async function open(search: string): Promise<void> {
  await shared.page.goto(`${shared.estate.url}${search}`);
  await shared.page.getByRole('slider', { name: 'Moment shown' }).waitFor();
}

/** What a key or a button opens is looked at, and closed again as one closes it. */
async function dialogLooksWell(name: string): Promise<void> {
  const dialog = shared.page.getByRole('dialog', { name });
  await dialog.waitFor();
  await looksWell(name);
  await shared.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

describe('in light, dark and high contrast axe finds nothing wrong with', () => {
  it('the map, and each page that the top row leads to', async () => {
    const { page } = shared;
    await open('/');
    await page.getByRole('heading', { name: 'Whole estate' }).waitFor();
    await page.getByRole('complementary', { name: 'Details' }).getByText('Calls in the last minute').waitFor();
    await looksWell('the map');
    const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
    expect(names).toHaveLength(3);
    // The map has been looked at; it comes last, for what is opened over it.
    for (const name of [...names.slice(1), ...names.slice(0, 1)]) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('main').first().waitFor();
      await page.waitForLoadState('networkidle');
      if (name !== names[0]) await looksWell(name);
    }
  });
  it.each([
    ['?', 'Keys and signs'],
    ['Control+k', 'Commands'],
    ['x', 'Take it along as a file'],
  ])('the sheet behind %s', async (key, name) => {
    await shared.page.keyboard.press(key);
    await dialogLooksWell(name);
  });
  it('the choice of a window of time', async () => {
    await shared.page.getByRole('button', { name: /^Window of time/ }).click();
    await shared.page.getByRole('button', { name: 'Replay this window' }).waitFor();
    await dialogLooksWell('Window of time');
  });
  it('the table, and what is found', async () => {
    const { page } = shared;
    await page.keyboard.press('t');
    await page.keyboard.press('/');
    await page.keyboard.type('node:*');
    await page.getByRole('region', { name: 'What is found' }).getByRole('status').waitFor();
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Rate' }).waitFor();
    await looksWell('the table');
  });
  it('one exchange with its transaction', async () => {
    const to = Date.now() * 1_000;
    const { url } = shared.estate;
    const { exchanges } = await ask<Exchanges>(url, `exchanges?from=${to - 60_000_000}&to=${to}&limit=20`);
    const exchange = exchanges.find(({ parent }) => parent !== null) ?? exchanges[0];
    await open(`/?exchange=${exchange?.id}&transaction=${exchange?.transaction}`);
    await shared.page.getByRole('heading', { name: 'As each side recorded it' }).waitFor();
    await looksWell('one exchange');
  });
});

describe('what is asked of the page', () => {
  it('is found by typing, told as n of m, and shown again by the same link elsewhere', async () => {
    const { page } = shared;
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('client:kiosk');
    const told = page.getByRole('region', { name: 'What is found' }).getByRole('status');
    await expect.poll(() => told.textContent()).toMatch(/of \d+ nodes/);
    await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('find=client%3Akiosk');
    const other = await shared.viewer.elsewhere(page.url());
    await expect
      .poll(() => other.page.getByRole('combobox', { name: 'Find on the map' }).inputValue())
      .toBe('client:kiosk');
    await expect
      .poll(() => other.page.getByRole('region', { name: 'What is found' }).textContent(), { timeout: 10_000 })
      .toMatch(/of \d+ nodes/);
    expect(other.errors).toEqual([]);
    await other.close();
  });
  it('is refused with the column when it makes no sense', async () => {
    const { page } = shared;
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('node:bank and fautls > 1%');
    await expect.poll(() => page.getByText('Column 15').textContent()).toContain('“fautls” is no figure');
  });
  it('is only errors by one key, and everything by the same', async () => {
    const { page } = shared;
    await open('/');
    const box = page.getByRole('combobox', { name: 'Find on the map' });
    await page.keyboard.press('e');
    await expect.poll(() => box.inputValue()).toBe('failed > 0');
    await page.keyboard.press('e');
    await expect.poll(() => box.inputValue()).toBe('');
  });
  it('is undone by Back', async () => {
    const { page } = shared;
    await open('/');
    await page.keyboard.press('2');
    await expect.poll(() => page.url()).toContain('level=server');
    await page.goBack();
    await expect.poll(() => page.getByRole('button', { name: 'Endpoints' }).getAttribute('aria-pressed')).toBe('true');
  });
  it('leaves as one file that replays without the monitor', async () => {
    const { page } = shared;
    await open('/');
    await page.keyboard.press('x');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Replay (HTML)' }).click(),
    ]);
    // With its own ending: the browser would show it as text without.
    const path = join(shared.estate.data, download.suggestedFilename());
    await download.saveAs(path);
    const file = await shared.viewer.elsewhere(`file://${path}`);
    await file.page.getByRole('button', { name: 'Play' }).click();
    await file.page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => file.page.getByRole('cell', { name: /bank/ }).first().textContent()).toContain('bank');
    expect(file.errors).toEqual([]);
    await file.close();
  });
});

it('nothing was logged as an error on the way', () => {
  expect(shared.viewer.errors).toEqual([]);
});
