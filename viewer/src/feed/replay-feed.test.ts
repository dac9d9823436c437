import type { FeedItems, Window } from '@soa-monitor/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFiguresAt } from '../model/figures-at.ts';
import { inFlightAt } from '../model/in-flight.ts';
import { createPicture, type Picture, REPLAY_BOUNDS } from '../model/picture.ts';
import { createReplayFeed } from './replay-feed.ts';
import { CELLS_MAX, PLAIN_MAX } from './replay-reach.ts';
import { LINK, NO_ITEMS, storedCalls } from './replay-stand-in.ts';

const SECOND = 1_000_000;
const T0 = 1_700_000_000 * SECOND;

function setUp(starts: readonly number[], window: Window, durationMicros = 300_000) {
  const store = storedCalls(starts, durationMicros);
  let picture = createPicture(REPLAY_BOUNDS);
  let there: Window | null = null;
  let share = 0;
  let sample = 1;
  let now = 0;
  const words: (string | null)[] = [];
  const begun = { times: 0 };
  const feed = createReplayFeed(
    {
      api: store.api,
      now: () => now,
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
        begun.times++;
      },
      items: (items: FeedItems) => void picture.apply(items),
      there(stretch, of) {
        there = stretch;
        share = of;
      },
      told: (news) => {
        sample = news.sample;
      },
      failed: (said) => void words.push(said),
    },
    { sample: 1 },
  );
  const settle = async () => {
    let before = -1;
    while (store.asked.length !== before) {
      before = store.asked.length;
      for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    }
  };
  return {
    ...store,
    feed,
    settle,
    words,
    begun,
    picture: (): Picture => picture,
    there: () => there,
    share: () => share,
    sample: () => sample,
    pass: (micros: number) => {
      now += micros;
    },
    follow: async (playhead: number, speed = 1) => {
      feed.follow(playhead, speed);
      await settle();
    },
  };
}

/** What is seen at a moment. */
const seenAt = (picture: Picture, at: number) => ({
  inFlight: inFlightAt(picture.exchanges(), at, 1).get(LINK) ?? 0,
  count: createFiguresAt(picture).ofLink(LINK, at).count,
  near: [...picture.exchanges()].filter((one) => Math.abs((one.requestSent ?? 0) - at) < SECOND).length,
});

const every = (micros: number, count: number) => Array.from({ length: count }, (_, index) => T0 + index * micros);

describe('the replay feed', () => {
  it('reads a small window whole, and says when the picture at the playhead is right', async () => {
    const window = { from: T0, to: T0 + 20 * SECOND };
    const { follow, asked, there, share, picture } = setUp(every(100_000, 200), window);
    await follow(T0 + 10 * SECOND);
    expect(there()).toEqual(window);
    expect(share()).toBe(1);
    expect(picture().held().exchanges).toBe(200);
    expect(asked.slice(0, 2)).toEqual([`picture ${T0 + 8 * SECOND}`, `replay ${T0 + 8 * SECOND} ${window.to} 1`]);
  });

  it('begins where one clicks: hours before are not read first', async () => {
    const window = { from: T0, to: T0 + 86_400 * SECOND };
    const { feed, asked, there } = setUp(every(20 * SECOND, 4_320), window);
    const at = T0 + 80_000 * SECOND;
    feed.follow(at, 1);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(asked[0]).toBe(`picture ${at - 2 * SECOND}`);
    expect(there()?.from).toBeLessThanOrEqual(at);
    expect(there()?.to).toBeGreaterThan(at + 30 * SECOND);
    feed.close();
  });

  it('is right at every moment that it says is there, whatever the way to it (property)', async () => {
    const window = { from: T0, to: T0 + 3_600 * SECOND };
    const starts = every(200_000, 18_000);
    const truth = createPicture(REPLAY_BOUNDS);
    truth.apply(storedCalls(starts, 2_500_000).whole);
    const way = fc.array(
      fc.record({ second: fc.integer({ min: 0, max: 3_600 }), speed: fc.constantFrom(1, -1, 10, -10, 100, -100) }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(way, async (steps) => {
        const { follow, picture, there, share, sample } = setUp(starts, window, 2_500_000);
        for (const { second, speed } of steps) {
          const at = T0 + second * SECOND;
          await follow(at, speed);
          expect(share()).toBe(1);
          const stretch = there();
          expect(stretch !== null && stretch.from <= at && stretch.to >= at).toBe(true);
          if (stretch === null || sample() > 1) continue;
          for (const moment of [at, stretch.from, Math.floor((stretch.from + stretch.to) / 2), stretch.to - 1])
            expect({ moment, ...seenAt(picture(), moment), near: 0 }).toEqual({
              moment,
              ...seenAt(truth, moment),
              near: 0,
            });
          expect(seenAt(picture(), at).near).toBe(seenAt(truth, at).near);
        }
      }),
      { numRuns: 4, seed: 7 },
    );
  });

  it('plays a long dense window through at any speed without holding more than its bound', async () => {
    const starts = every(50_000, 200_000);
    const window = { from: T0, to: T0 + 10_000 * SECOND };
    const { follow, picture, there, begun } = setUp(starts, window);
    let most = 0;
    for (const speed of [100, -100]) {
      for (let share = 0; share <= 1; share += 0.25) {
        const at = speed > 0 ? window.from + share * 10_000 * SECOND : window.to - share * 10_000 * SECOND;
        await follow(Math.round(at), speed);
        expect(there()?.from).toBeLessThanOrEqual(at);
        expect(there()?.to).toBeGreaterThanOrEqual(Math.min(window.to, at));
        most = Math.max(most, picture().held().exchanges);
      }
    }
    expect(most).toBeLessThan(PLAIN_MAX + 40_000);
    expect(picture().held().cells).toBeLessThan(CELLS_MAX);
    expect(begun.times).toBeLessThan(40);
  });

  it('draws fewer when it runs so fast that all would not fit, says how few, and all again when it slows down', async () => {
    const window = { from: T0, to: T0 + 10_000 * SECOND };
    const { follow, sample, picture } = setUp(every(50_000, 200_000), window);
    await follow(T0 + 5_000 * SECOND, 1);
    expect(sample()).toBe(1);
    await follow(T0 + 5_000 * SECOND, 1_000);
    expect(sample()).toBeGreaterThan(1);
    // Counts are exact however few are drawn.
    expect(seenAt(picture(), T0 + 5_000 * SECOND).count).toBe(1_200);
    await follow(T0 + 5_000 * SECOND, 1);
    expect(sample()).toBe(1);
  });

  it('says why it stopped, keeps what came, and goes on by itself when the monitor is back', async () => {
    const window = { from: T0, to: T0 + 20 * SECOND };
    const { follow, failures, words, pass, share, there } = setUp(every(100_000, 200), window);
    failures.push({ kind: 'failed', status: 503, words: 'The store is busy.' });
    await follow(T0);
    expect(words).toEqual(['The store is busy.']);
    expect(there()).toBeNull();
    await follow(T0);
    expect(there()).toBeNull();
    pass(3 * SECOND);
    await follow(T0);
    expect(words).toEqual(['The store is busy.', null]);
    expect([share(), there()]).toEqual([1, window]);
  });

  it('says nothing more once it is closed', async () => {
    const { feed, settle, there, picture } = setUp(every(100_000, 200), { from: T0, to: T0 + 20 * SECOND });
    feed.follow(T0, 1);
    feed.close();
    await settle();
    expect(there()).toBeNull();
    expect(picture().held()).toEqual({ exchanges: 0, cells: 0 });
    expect(NO_ITEMS.exchanges).toEqual([]);
  });
});
