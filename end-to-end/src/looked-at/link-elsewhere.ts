import { isDeepStrictEqual } from 'node:util';
import type { Nodes } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { ask } from '../driver/counts.ts';
import { type SceneNode, type SceneShown, sceneNodes, sceneShown } from '../driver/scene-probe.ts';
import { shared } from './shared-estate.ts';

const PATIENCE = { timeout: 30_000 };

const parameter = (name: string): string | null => new URL(shared.page.url()).searchParams.get(name);
const rowsOf = async (page = shared.page): Promise<readonly string[]> =>
  page.getByRole('region', { name: 'The map as a table' }).getByRole('row').allInnerTexts();

describe('the level of operations', () => {
  it('splits the links by what their calls are for, where they stand, and the table and the search know them', async () => {
    const { page } = shared;
    await page.goto(shared.estate.url);
    await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBeGreaterThan(60);
    await page.keyboard.press('Space');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    const whole = await rowsOf();
    await page.keyboard.press('4');
    await expect.poll(() => parameter('level')).toBe('operation');
    await expect.poll(async () => (await rowsOf()).length, PATIENCE).toBeGreaterThan(whole.length);
    await expect.poll(async () => (await rowsOf()).join('\n'), PATIENCE).toMatch(/→ bank · \/bank · \S+/);
    const [, name = ''] = /→ bank · \/bank · (\S+)/.exec((await rowsOf()).join('\n')) ?? [];
    await page.keyboard.press('/');
    await page.keyboard.type(`operation:${name}`);
    await expect.poll(async () => (await rowsOf()).slice(1).every((row) => row.includes(name)), PATIENCE).toBe(true);
    // A call for it has its own link, its own panel and its own messages.
    await page.getByRole('region', { name: 'The map as a table' }).getByRole('row').nth(1).getByRole('button').click();
    await expect.poll(() => parameter('link')).not.toBeNull();
    const details = page.getByRole('complementary', { name: 'Details' });
    await expect.poll(() => details.getByRole('heading', { level: 2 }).textContent()).toContain(name);
    const messages = details.locator('.row.exchange .name');
    await expect.poll(() => messages.count(), PATIENCE).toBeGreaterThan(0);
    expect(new Set(await messages.allTextContents())).toEqual(new Set([name]));
  });

  it('moves nothing', async () => {
    const { page } = shared;
    await page.goto(shared.estate.url);
    await expect.poll(async () => (await sceneNodes(page)).length, PATIENCE).toBeGreaterThanOrEqual(7);
    let before: readonly SceneNode[] = [];
    const rests = async () => {
      const [last, now] = [before, await sceneNodes(page)];
      before = now;
      return farthest(last, now) < 0.1;
    };
    await expect.poll(rests, { ...PATIENCE, interval: 500 }).toBe(true);
    await page.keyboard.press('4');
    await page.getByRole('button', { name: 'Operations', exact: true, pressed: true }).waitFor();
    await expect.poll(rests, { ...PATIENCE, interval: 500 }).toBe(true);
    const split = before;
    await page.keyboard.press('1');
    await expect.poll(rests, { ...PATIENCE, interval: 500 }).toBe(true);
    expect(farthest(before, split)).toBeLessThan(2);
  });
});

/** The mode aside: what is held here is replayed there. */
const figuresOf = ({ mode: _, ...figures }: SceneShown): Omit<SceneShown, 'mode'> => figures;

/** How far the same node is from itself at most, pixels; infinite where one is missing. */
function farthest(here: readonly SceneNode[], there: readonly SceneNode[]): number {
  if (here.length === 0 || here.length !== there.length) return Number.POSITIVE_INFINITY;
  const places = new Map(there.map((node) => [node.id, node]));
  return Math.max(
    ...here.map(({ id, x, y }) => Math.hypot(x - (places.get(id)?.x ?? Infinity), y - (places.get(id)?.y ?? Infinity))),
  );
}

/** What the one shows and the other does not. */
const namesBesides = (here: readonly SceneNode[], there: readonly SceneNode[]): readonly string[] =>
  here.filter(({ id }) => !there.some((node) => node.id === id)).map(({ name, belongsTo }) => `${name} ${belongsTo}`);

describe('a link that is sent to somebody', () => {
  it('shows the same elsewhere: moment, what is repeated, arrangement, light, forces, table, details and search', async () => {
    const { page, viewer, estate } = shared;
    await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBeGreaterThan(60);
    // All of the estate is known: a node that comes between two looks is on the map of the later one alone.
    await expect
      .poll(async () => (await sceneNodes(page)).map(({ name }) => name), PATIENCE)
      .toEqual(expect.arrayContaining(['web-shop', 'kiosk', 'call-centre', '127.0.0.1']));
    const to = Date.now() * 1_000 - 2_000_000;
    const { nodes } = await ask<Nodes>(estate.url, 'nodes');
    const bank = nodes.find(({ name }) => name === '/bank')?.id;
    await page.goto(`${estate.url}/?from=${to - 20_000_000}&to=${to}&at=${to - 5_000_000}&node=${bank}`);
    await expect.poll(async () => (await sceneShown(page)).loaded, PATIENCE).toBe(1);
    await page.getByRole('button', { name: 'Repeat this window' }).click();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('10');
    await page.getByRole('button', { name: 'Arrange the map' }).click();
    await page.getByLabel('Nodes repel').fill('3000');
    await page.getByRole('button', { name: '1 hop', exact: true }).click();
    await page.getByLabel('Layout').selectOption({ label: 'In layers, callers to the left' });
    await page.keyboard.press('Escape');
    for (const name of ['loop', 'speed', 'layout', 'forces', 'light', 'node'])
      await expect.poll(() => parameter(name), PATIENCE).not.toBeNull();
    // What is seen when all has come to rest.
    const seen = async (where: typeof page) => ({
      ...{
        shown: await sceneShown(where),
        repeats: await where.getByRole('button', { name: 'Repeat this window' }).getAttribute('aria-pressed'),
      },
      speed: await where.getByRole('combobox', { name: 'Speed' }).inputValue(),
      title: await where
        .getByRole('complementary', { name: 'Details' })
        .getByRole('heading', { level: 2 })
        .textContent(),
      layout: await where.getByLabel('Layout').inputValue(),
      forces: await where.getByLabel('Nodes repel').inputValue(),
      light: (await where.getByText('stand out.').allTextContents()).join(),
    });
    let here = await seen(page);
    const rests = async () => {
      const before = here;
      here = await seen(page);
      return JSON.stringify(here) === JSON.stringify(before);
    };
    await expect.poll(rests, { ...PATIENCE, interval: 500 }).toBe(true);
    expect(here.light).toMatch(/\d+ nodes and \d+ links/);
    const other = await viewer.elsewhere(page.url());
    // Both are asked: what is heard of for the first time meanwhile comes to both.
    const differences = async () => {
      const [one, two] = [await seen(page), await seen(other.page)];
      const [places, otherPlaces] = [await sceneNodes(page), await sceneNodes(other.page)];
      return {
        ...{ here: one, there: two },
        missing: namesBesides(places, otherPlaces),
        more: namesBesides(otherPlaces, places),
        apart: farthest(places, otherPlaces),
      };
    };
    await expect
      .poll(differences, PATIENCE)
      .toSatisfy(
        ({ here: one, there: two, apart }: Awaited<ReturnType<typeof differences>>) =>
          isDeepStrictEqual(one, two) && apart < 1,
      );
    expect(other.errors).toEqual([]);
    await other.close();
  });

  it('shows a live picture that is held as that moment, with its table in its order and its folded details', async () => {
    const { page, viewer, estate } = shared;
    await page.goto(estate.url);
    await expect.poll(async () => (await sceneShown(page)).count, PATIENCE).toBeGreaterThan(0);
    await page.keyboard.press('Space');
    await page.keyboard.press('d');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => ['table', 'details', 'sort'].map(parameter), PATIENCE).toEqual(['links', 'folded', 'name']);
    const other = await viewer.elsewhere(page.url());
    const [one, two] = [() => sceneShown(page), () => sceneShown(other.page)];
    await expect
      .poll(async () => [figuresOf(await one()), figuresOf(await two())], PATIENCE)
      .toSatisfy(([here, there]: unknown[]) => isDeepStrictEqual(here, there));
    const rowsOfBoth = async () => [(await rowsOf(other.page)).join('\n'), (await rowsOf()).join('\n')];
    await expect.poll(rowsOfBoth, PATIENCE).toSatisfy(([there, here]: string[]) => there === here && here !== '');
    expect(await other.page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
    expect(await other.page.getByRole('complementary', { name: 'Details' }).count()).toBe(0);
    // And a chart with its values.
    await page.getByRole('link', { name: 'Charts' }).click();
    await page.getByRole('button', { name: 'Duration as a table' }).click();
    await expect.poll(() => parameter('values'), PATIENCE).toBe('latency');
    await other.page.goto(page.url());
    await other.page.getByRole('region', { name: 'Duration: the values' }).waitFor();
    await other.close();
  });

  it('has left no error on the console', () => {
    expect(shared.viewer.errors).toEqual([]);
  });
});
