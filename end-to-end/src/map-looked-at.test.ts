import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openViewer, type Viewer } from './driver/browser.ts';
import { type Estate, startEstate } from './driver/estate.ts';
import { dotOnItsWay, sceneNodes } from './driver/scene-probe.ts';

let estate: Estate;

beforeAll(async () => {
  estate = await startEstate({ rate: 20 });
});

afterAll(async () => {
  await estate?.close();
});

const shows = (viewer: Viewer, names: readonly string[]) =>
  expect
    .poll(
      async () => {
        const all = (await sceneNodes(viewer.page)).map(({ name, belongsTo }) => `${name} ${belongsTo}`).join('\n');
        return names.every((name) => all.includes(name));
      },
      { timeout: 30_000 },
    )
    .toBe(true);

describe('a browser that cannot hand a canvas over to a worker', () => {
  it('draws the map and its messages on the page itself', async () => {
    const viewer = await openViewer('about:blank');
    try {
      await viewer.page.addInitScript(() => {
        Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen');
        Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
      });
      await viewer.page.goto(estate.url);
      await shows(viewer, ['bank', 'airline-a', 'airline-b']);
      const dot = await dotOnItsWay(viewer.page);
      expect(Math.hypot(dot.later.x - dot.first.x, dot.later.y - dot.first.y)).toBeGreaterThan(8);
      expect(viewer.errors).toEqual([]);
    } finally {
      await viewer.close();
    }
  });
});

const SEEN_PIXELS = 2;
const ROUNDS_MAX = 6;

describe('the map’s arrangement', () => {
  it('is changed in its panel and changed back, to the very same places', async () => {
    const viewer = await openViewer(estate.url);
    const { page } = viewer;
    const places = async () =>
      new Map((await sceneNodes(page)).map(({ id, x, y }): [string, { x: number; y: number }] => [id, { x, y }]));
    type Places = Awaited<ReturnType<typeof places>>;
    /** What eases to its place comes as near as can be seen. */
    const isSame = (one: Places, other: Places): boolean =>
      one.size === other.size &&
      [...one].every(([id, { x, y }]) => {
        const at = other.get(id);
        return at !== undefined && Math.hypot(at.x - x, at.y - y) <= SEEN_PIXELS;
      });
    /** The camera and the nodes ease to where they go: until two looks are the same. */
    const atRest = async () => {
      let before = await places();
      for (let looks = 0; looks < 100; looks++) {
        await page.waitForTimeout(150);
        const now = await places();
        if (now.size > 0 && isSame(now, before)) return now;
        before = now;
      }
      throw new Error('the map does not come to rest');
    };
    try {
      // A newcomer makes room for itself, and the camera with it: all three endpoints and four callers.
      await expect.poll(async () => (await sceneNodes(page)).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(7);
      await page.getByRole('button', { name: 'Arrange the map' }).click();
      const layout = page.getByLabel('Layout');
      // A node that comes meanwhile makes it another map, and there are few that can: then once more.
      for (let rounds = 0; ; rounds++) {
        await layout.selectOption({ label: 'By forces' });
        const first = await atRest();
        await layout.selectOption({ label: 'In layers, callers to the left' });
        const layered = await atRest();
        await layout.selectOption({ label: 'By forces' });
        const back = await atRest();
        if (first.size !== back.size && rounds < ROUNDS_MAX) continue;
        expect(isSame(layered, first)).toBe(false);
        expect(isSame(back, first), JSON.stringify([[...first], [...back]])).toBe(true);
        break;
      }
      expect(viewer.errors).toEqual([]);
    } finally {
      await viewer.close();
    }
  });
});
