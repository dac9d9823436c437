import type { Exchange, ExchangeDetail, Exchanges } from '@soa-monitor/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openViewer, type Viewer } from './driver/browser.ts';
import { type Estate, startEstate } from './driver/estate.ts';
import { dotOnItsWay, sceneCounts, sceneNodes } from './driver/scene-probe.ts';

const PING_INTERVAL = 1_000;
const SECOND = 1_000_000;

let estate: Estate;
let viewer: Viewer;

beforeAll(async () => {
  estate = await startEstate({ rate: 20, pingIntervalMillis: PING_INTERVAL });
  viewer = await openViewer(estate.url);
});

afterAll(async () => {
  await viewer?.close();
  await estate?.close();
});

const ask = async <Answer>(path: string): Promise<Answer> => {
  const response = await fetch(`${estate.url}/api/v1/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
};
const stateOf = async (name: string): Promise<string | null | undefined> =>
  (await sceneNodes(viewer.page)).find((node) => node.kind === 'server' && node.name === name)?.state ??
  (await sceneNodes(viewer.page)).find((node) => node.name.includes(name))?.state;

describe('the sample estate, started as npm start does, in a real browser', () => {
  it('shows the three services and the clients by name', async () => {
    await expect
      .poll(async () => (await sceneNodes(viewer.page)).map((node) => `${node.kind} ${node.name}`).join('\n'), {
        timeout: 30_000,
      })
      .toSatisfy((names: string) =>
        ['bank', 'airline-a', 'airline-b', 'web-shop', 'kiosk', 'call-centre'].every((name) => names.includes(name)),
      );
    // The client without an interceptor is known by its address only.
    await expect
      .poll(
        async () => (await sceneNodes(viewer.page)).some((node) => node.kind === 'client' && node.name === '127.0.0.1'),
        {
          timeout: 30_000,
        },
      )
      .toBe(true);
  });

  it('draws one known exchange as a dot at two places on its own link', async () => {
    const seen = await dotOnItsWay(viewer.page);
    const { exchange } = await ask<ExchangeDetail>(`exchanges/${seen.id}`);
    const nodes = new Map((await sceneNodes(viewer.page)).map((node) => [node.id, node]));
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

  it('replays a window with the same counts as the live view had', async () => {
    const live = await sceneCounts(viewer.page);
    // Held until all of that minute has been reported, the live model's count of it is final.
    await viewer.page.keyboard.press('Space');
    const held = await expect
      .poll(() => sceneCounts(viewer.page), { timeout: 10_000 })
      .toSatisfy((counts: { playhead: number; count: number }) => counts.playhead >= live.playhead)
      .then(() => sceneCounts(viewer.page));
    const window = { from: held.playhead - 60 * SECOND, to: held.playhead + 5 * SECOND };
    await expect
      .poll(async () => (await sceneCounts(viewer.page)).count, { interval: 500, timeout: 10_000 })
      .toBeGreaterThan(0);
    const final = await settledCounts();
    await viewer.page.goto(`${estate.url}${replayAddress(window, held.playhead)}`);
    await expect.poll(async () => (await sceneCounts(viewer.page)).mode, { timeout: 20_000 }).toBe('replay');
    await expect
      .poll(
        async () => {
          const { count, faults, errors } = await sceneCounts(viewer.page);
          return { count, faults, errors };
        },
        { timeout: 20_000 },
      )
      .toEqual({ count: final.count, faults: final.faults, errors: final.errors });
    await viewer.page.goto(estate.url);
  });

  it('turns the bank down within three ping intervals when it is killed, and the airlines show errors', async () => {
    await expect.poll(() => stateOf('bank'), { timeout: 30_000 }).toBe('up');
    const before = await failuresOfAirlines();
    process.kill(estate.pidOf('bank'), 'SIGKILL');
    const killedAt = Date.now();
    await expect.poll(() => stateOf('bank'), { interval: 50, timeout: 30_000 }).toBe('down');
    // Down needs five failures half a second apart, so the interval of this test is set to the product's ratio: 3 × 5 s.
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    await expect.poll(failuresOfAirlines, { interval: 500, timeout: 30_000 }).toBeGreaterThan(before);
  });

  it('turns the bank up again when it returns', async () => {
    await estate.revive('bank');
    await expect.poll(() => stateOf('bank'), { interval: 50, timeout: 30_000 }).toBe('up');
  });

  it('logs no error on the console', () => {
    // A browser names each failed request on its console by itself; there is none that should fail.
    expect(viewer.errors).toEqual([]);
  });
});

const replayAddress = (window: { from: number; to: number }, at: number): string =>
  `/?from=${window.from}&to=${window.to}&at=${at}`;

/** The counts of the held picture once two looks a second apart agree: the last reports of that minute are in. */
async function settledCounts() {
  let last = await sceneCounts(viewer.page);
  await expect
    .poll(
      async () => {
        const next = await sceneCounts(viewer.page);
        const same = next.count === last.count;
        last = next;
        return same;
      },
      { interval: 1_000, timeout: 20_000 },
    )
    .toBe(true);
  return last;
}

/** Faults and errors that callers of the airlines have seen in the last minute. */
async function failuresOfAirlines(): Promise<number> {
  const to = Date.now() * 1_000;
  const { exchanges } = await ask<Exchanges>(`exchanges?from=${to - 60 * SECOND}&to=${to}&limit=1000`);
  return exchanges.filter((exchange: Exchange) => exchange.call.path === '/airline' && isFailure(exchange)).length;
}

const isFailure = (exchange: Exchange): boolean =>
  exchange.outcome !== null && exchange.outcome !== 'ok' && exchange.outcome !== 'oneWay';
