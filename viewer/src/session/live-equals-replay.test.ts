import { type FeedItems, serverId } from '@soa-monitor/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { createRandom } from '../../../monitor-server/src/store/testing/random.ts';
import { INGEST_KEY, startServer } from '../../../monitor-server/src/testing/start-server.ts';
import { temporaryStore } from '../../../monitor-server/src/testing/temporary-store.ts';
import { createFakeEstate } from '../../../monitor-server/src/torture/fake-estate.ts';
import { createApi } from '../feed/api.ts';
import { createLiveFeed } from '../feed/live-feed.ts';
import { readMissed } from '../feed/missed.ts';
import { createReplayFeed } from '../feed/replay-feed.ts';
import { endOf, startOf } from '../model/exchange.ts';
import { createFiguresAt } from '../model/figures-at.ts';
import { createPicture, LIVE_BOUNDS, type Picture, REPLAY_BOUNDS } from '../model/picture.ts';
import { statesAt } from '../model/states-at.ts';
import { unrulySocket } from './testing/unruly-socket.ts';

/**
 * The live side comes from a real socket whose deltas are late, out of order, lost and broken off; the replayed side over HTTP
 * from the store. Both go their whole way through the product's own code, and must tell the same of every moment.
 */
const SECOND = 1_000_000;
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

it.each([1, 2])(
  'the live and the replayed picture are equal at every moment, message for message (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const { store, remove } = await temporaryStore();
    undo.push(remove);
    const { server, url } = await startServer(store);
    undo.push(() => server.close());
    const clock = () => Date.now() * 1_000;
    const began = clock();
    const estates = [0, 9, 25].map((late, index) =>
      createFakeEstate({
        random,
        key: INGEST_KEY,
        shops: 1,
        start: `${seed}-${index}`,
        clock,
        lateMicros: late * SECOND,
        firstNumber: index * 1_000,
      }),
    );

    const live = liveSide(url, random, () => began - 60 * SECOND);
    await vi.waitFor(() => expect(live.hasSnapshot()).toBe(true), WAIT);
    const bank = serverId('torture', 'bank');
    for (let round = 0; round < 6; round++) {
      for (const estate of estates) {
        estate.happen(16);
        for (const reporter of estate.reporters) await reporter.send(url, random.between(1, 12));
      }
      if (round % 2 === 0) {
        const state = random.pick(['up', 'suspect', 'down']);
        await store.recordStates([{ node: bank, at: clock(), state, reason: `round ${round}` }]);
      }
      live.pump();
      if (round % 2 === 1) await live.cut();
    }
    for (const estate of estates) {
      for (const reporter of estate.reporters) while (reporter.backlog > 0) await reporter.send(url, 500);
    }
    const end = clock() + SECOND;
    const expected = estates.reduce((sum, { expected }) => sum + expected.size, 0);
    await vi.waitFor(() => {
      live.pump(true);
      expect(live.picture().counts().ended).toBe(expected);
    }, WAIT);

    const window = { from: began - 60 * SECOND, to: end };
    const replayed = await replaySide(url, window);
    expect(replayed.counts().ended).toBe(expected);
    let exchanges = 0;
    const moments = new Set<string>();
    for (let at = began - 45 * SECOND; at < end; at += 331_003) {
      const seen = seenAt(live.picture(), at);
      expect({ at, ...seenAt(replayed, at) }).toEqual({ at, ...seen });
      moments.add(JSON.stringify(seen.states));
      exchanges = Math.max(exchanges, seen.exchanges.length);
    }
    expect(exchanges).toBe(expected);
    expect(live.cuts()).toBe(3);
    // It was of moments that differ, not of one over and over.
    expect(moments.size).toBeGreaterThan(1);
  },
  60_000,
);

const WAIT = { timeout: 25_000, interval: 50 };

/** All that a picture tells of a moment: states, the messages of its minute, figures, and who was there. */
function seenAt(picture: Picture, at: number) {
  const figures = createFiguresAt(picture);
  const links = [...picture.links().values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const nodes = [...picture.nodes().values()].filter((node) => node.firstSeen <= at);
  const stateOf = statesAt(picture.nodes(), (node) => picture.stateAt(node, at));
  return {
    nodes: nodes.map(({ id, kind, name, parent, monitored }) => [id, kind, name, parent, monitored]).sort(),
    links: links.map(({ id, source, target }) => [id, source, target]),
    states: nodes.map((node) => [node.id, stateOf(node)?.state]).sort(),
    exchanges: [...picture.exchanges()]
      .filter((one) => startOf(one) <= at && endOf(one) > at - 60 * SECOND)
      .map(({ version: _, ...told }) => told)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    figures: links.map(({ id }) => {
      const { histogram, ...rest } = figures.ofLink(id, at);
      return [id, rest, [...histogram].sort(([a], [b]) => a - b)];
    }),
  };
}

function liveSide(url: string, random: ReturnType<typeof createRandom>, from: () => number) {
  const { socket, pump, cut } = unrulySocket(url, random);
  const api = createApi({ fetch: (input, init) => fetch(input, init) }, { base: url });
  let picture = createPicture(LIVE_BOUNDS);
  const take = (items: FeedItems): void => void picture.apply(items);
  let snapshots = 0;
  let cuts = 0;
  let passed = 0;
  let tick = () => {};
  const feed = createLiveFeed(
    {
      connect: () => socket,
      now: () => Date.now() * 1_000 + passed,
      every: (_, call) => {
        tick = call;
        return () => {};
      },
    },
    {
      snapshot(items: FeedItems) {
        // As the session does: a snapshot tells of the present, what was missed is read from the store.
        if (snapshots++ > 0)
          void readMissed(api, { from: from(), to: Date.now() * 1_000 }, take, new AbortController().signal);
        picture = createPicture(LIVE_BOUNDS);
        take(items);
      },
      delta: take,
      told: () => {},
      clock: () => {},
      viewChanged: () => {},
      link: () => {},
    },
    { sample: 1 },
  );
  undo.push(() => feed.close());
  return {
    picture: () => picture,
    hasSnapshot: () => snapshots > 0,
    cuts: () => cuts,
    pump(all = false) {
      // What was asked for again and did not come is asked for as a snapshot after a while.
      if (all) passed += SECOND / 10;
      tick();
      pump(all);
    },
    async cut() {
      cuts++;
      await cut();
    },
  };
}

async function replaySide(url: string, window: { readonly from: number; readonly to: number }): Promise<Picture> {
  let picture = createPicture(REPLAY_BOUNDS);
  let share = 0;
  const feed = createReplayFeed(
    {
      api: createApi({ fetch: (input, init) => fetch(input, init) }, { base: url }),
      now: () => Date.now() * 1_000,
      kept: {
        held: () => picture.held(),
        narrow: (from, to) => void picture.narrow(from, to),
        thin: (isWanted) => void picture.thin(isWanted),
      },
    },
    window,
    {
      begin() {
        picture = createPicture(REPLAY_BOUNDS);
      },
      items: (items) => void picture.apply(items),
      there(stretch, of) {
        share = stretch?.from === window.from && stretch.to === window.to ? of : 0;
      },
      told: () => {},
      failed: (words) => {
        if (words !== null) throw new Error(words);
      },
    },
    { sample: 1 },
  );
  undo.push(() => feed.close());
  await vi.waitFor(() => {
    feed.follow((window.from + window.to) / 2, 1);
    expect(share).toBe(1);
  }, WAIT);
  return picture;
}
