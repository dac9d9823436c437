import { isDeepStrictEqual } from 'node:util';
import type { ExchangeDetail, Topology } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { openViewer } from './driver/browser.ts';
import { ask } from './driver/counts.ts';
import { estateInBrowser } from './driver/estate-in-browser.ts';
import { dotOnItsWay, type SceneShown, sceneNodes, sceneShown } from './driver/scene-probe.ts';

/** The product's default. */
const PING_INTERVAL = 5_000;
const SECOND = 1_000_000;

const shared = estateInBrowser({ rate: 20 });

/** A server's state at endpoint level: its endpoint is shown at least as bad as it. */
const stateOf = async (server: string): Promise<string | null | undefined> =>
  (await sceneNodes(shared.page)).find((node) => node.belongsTo.split(' on ')[0] === server)?.state;

describe('the sample estate, started as npm start does, in a real browser', () => {
  it('shows the three services and the clients by name', async () => {
    await expect
      .poll(
        async () =>
          (await sceneNodes(shared.page)).map((node) => `${node.kind} ${node.name} ${node.belongsTo}`).join('\n'),
        {
          timeout: 30_000,
        },
      )
      .toSatisfy((names: string) =>
        ['bank', 'airline-a', 'airline-b', 'web-shop', 'kiosk', 'call-centre'].every((name) => names.includes(name)),
      );
    // The client without an interceptor is known by its address only.
    await expect
      .poll(
        async () => (await sceneNodes(shared.page)).some((node) => node.kind === 'client' && node.name === '127.0.0.1'),
        {
          timeout: 30_000,
        },
      )
      .toBe(true);
  });

  it('draws one known exchange as a dot at two places on its own link', async () => {
    const { seen, drawn } = await dotOnAStillMap();
    const { exchange } = await ask<ExchangeDetail>(shared.estate.url, `exchanges/${seen.id}`);
    const nodes = new Map(drawn.map((node) => [node.id, node]));
    const source = nodes.get(exchange.source);
    const target = nodes.get(exchange.target);
    if (source === undefined || target === undefined) throw new Error('the ends of the exchange are not on the map');
    const length = Math.hypot(target.x - source.x, target.y - source.y);
    const along = (at: { x: number; y: number }) =>
      ((at.x - source.x) * (target.x - source.x) + (at.y - source.y) * (target.y - source.y)) / length ** 2;
    const beside = (at: { x: number; y: number }) =>
      Math.abs((at.x - source.x) * (target.y - source.y) - (at.y - source.y) * (target.x - source.x)) / length;
    // On its own link: between its ends, no further from the straight line than the lanes' curve, and moving on.
    for (const at of [seen.first, seen.later]) {
      expect(along(at)).toBeGreaterThan(-0.1);
      expect(along(at)).toBeLessThan(1.1);
      expect(beside(at)).toBeLessThan(length * 0.35);
    }
    expect(along(seen.later)).toBeGreaterThan(along(seen.first));
  });

  it('replays the last minute with the same counts as the live view had', async () => {
    await expect.poll(async () => (await shown()).count, { timeout: 30_000 }).toBeGreaterThan(100);
    await shared.page.keyboard.press('Space');
    await expect.poll(async () => (await shown()).mode).toBe('paused');
    const { playhead } = await shown();
    // What was late for the held picture comes to it, too: both are looked at until they have all of their minute.
    const replayed = await openViewer(
      `${shared.estate.url}/?from=${playhead - 60 * SECOND}&to=${playhead}&at=${playhead}`,
    );
    try {
      await expect.poll(async () => (await sceneShown(replayed.page)).mode, { timeout: 30_000 }).toBe('replay');
      await expect
        .poll(async () => [figuresOf(await shown()), figuresOf(await sceneShown(replayed.page))], { timeout: 30_000 })
        .toSatisfy(([held, again]: Figures[]) => isDeepStrictEqual(held, again));
      const held = await shown();
      expect(held).toMatchObject({ mode: 'paused', playhead });
      expect(held.count).toBeGreaterThan(100);
    } finally {
      await replayed.close();
      await shared.page.keyboard.press('l');
    }
    await expect.poll(async () => (await shown()).mode, { timeout: 30_000 }).toBe('live');
  });

  it('turns the bank down within three ping intervals when it is killed, and the airlines show errors', async () => {
    await expect.poll(() => stateOf('bank'), { timeout: 30_000 }).toBe('up');
    const before = await failuresOfAirlines();
    const onTheMap = failuresOf(await shown());
    process.kill(shared.estate.pidOf('bank'), 'SIGKILL');
    const killedAt = Date.now();
    await expect.poll(() => stateOf('bank'), { interval: 50, timeout: 30_000 }).toBe('down');
    expect(Date.now() - killedAt).toBeLessThan(3 * PING_INTERVAL);
    await expect.poll(failuresOfAirlines, { interval: 500, timeout: 30_000 }).toBeGreaterThan(before);
    await expect.poll(async () => failuresOf(await shown()), { timeout: 30_000 }).toBeGreaterThan(onTheMap);
  });

  it('turns the bank up again within two ping intervals when it returns', async () => {
    await shared.estate.revive('bank');
    const revivedAt = Date.now();
    await expect.poll(() => stateOf('bank'), { interval: 50, timeout: 30_000 }).toBe('up');
    expect(Date.now() - revivedAt).toBeLessThan(2 * PING_INTERVAL);
  });

  it('logs no error on the console', () => {
    // A browser names each failed request on its console by itself; there is none that should fail.
    expect(shared.viewer.errors).toEqual([]);
  });
});

const ROUNDS_MAX = 20;

/** A dot on its way while the nodes stood where they stand: one that comes meanwhile makes room for itself. */
async function dotOnAStillMap() {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    const before = await sceneNodes(shared.page);
    const seen = await dotOnItsWay(shared.page);
    const drawn = await sceneNodes(shared.page);
    const places = new Map(before.map((node) => [node.id, node]));
    const stood = drawn.every(({ id, x, y }) => {
      const at = places.get(id);
      return at !== undefined && Math.hypot(at.x - x, at.y - y) < 1;
    });
    if (stood) return { seen, drawn };
  }
  throw new Error('the map does not come to rest');
}

const shown = (): Promise<SceneShown> => sceneShown(shared.page);

const failuresOf = ({ faults, errors }: SceneShown): number => faults + errors;

type Figures = Pick<SceneShown, 'playhead' | 'count' | 'faults' | 'errors'>;

const figuresOf = ({ playhead, count, faults, errors }: SceneShown): Figures => ({ playhead, count, faults, errors });

/** Faults and errors of the last minute on all the links to the airlines, as the topology says. */
async function failuresOfAirlines(): Promise<number> {
  const to = Date.now() * 1_000;
  const { nodes, links } = await ask<Topology>(
    shared.estate.url,
    `topology?from=${to - 60 * SECOND}&to=${to}&level=endpoint`,
  );
  const airlines = new Set(nodes.flatMap((node) => (node.name === '/airline' ? node.id : [])));
  return links.reduce((sum, { target, faults, errors }) => sum + (airlines.has(target) ? faults + errors : 0), 0);
}
