import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockPair, createClockPairs } from './clock-pairs.ts';
import type { Half } from './half.ts';

const SECOND = 1_000_000;
const T0 = Date.UTC(2026, 10, 22, 12) * 1_000;

/** What the pairs look at of a half. `correction`: key time less own time, by what the reports said of the clock. */
const half = (hostId: string, start: number, replyFirst: number, correction: number, attempts?: number) =>
  ({
    process: { hostId, clock: { applied: correction } },
    ...{ time: start + correction, offset: correction, placed: false, replyFirst },
    extras: attempts === undefined ? null : { attempts },
  }) as unknown as Half;

/** One call between two hosts whose clocks differ by `skew`. */
const call = (at: number, skew: number, way: number, service: number, back: number) =>
  [half('a', at, way + service + back, 0), half('b', at + way + skew, service, -skew)] as const;

function emptyPairs() {
  const written = new Map<string, ClockPair>();
  const table = {
    recent: () => [...written.values()].map((pair) => ({ ...pair })),
    write: (pair: ClockPair) => void written.set(`${pair.first} ${pair.second}`, { ...pair }),
    remove: (pair: ClockPair) => void written.delete(`${pair.first} ${pair.second}`),
  };
  return { table, pairs: createClockPairs(table) };
}

describe('the clocks of two hosts', () => {
  it('are never told more exactly than the delays allow, whichever way those were shared', () => {
    const delay = fc.integer({ min: 1, max: 200_000 });
    const skews = fc.integer({ min: -600 * SECOND, max: 600 * SECOND });
    fc.assert(
      fc.property(skews, fc.array(fc.tuple(delay, delay, delay), { minLength: 1, maxLength: 20 }), (skew, calls) => {
        const { pairs } = emptyPairs();
        for (const [index, [way, service, back]] of calls.entries()) {
          const [client, server] = call(T0 + index * SECOND, skew, way, service, back);
          pairs.learn(client, server);
          const known = pairs.between(client, server);
          expect(Math.abs((known?.offsetMicros ?? Number.NaN) - skew)).toBeLessThanOrEqual(
            known?.uncertaintyMicros ?? 0,
          );
        }
      }),
    );
  });

  it('are told by the call with the least delay, and by a worse one when drift has made that uncertain', () => {
    const { pairs } = emptyPairs();
    const skew = 90 * SECOND;
    const learn = (at: number, way: number, back: number) => {
      const halves = call(at, skew, way, 10_000, back);
      pairs.learn(...halves);
      return pairs.between(...halves)?.uncertaintyMicros ?? 0;
    };
    expect(learn(T0, 50_000, 50_000)).toBe(50_100);
    expect(learn(T0 + SECOND, 100, 300)).toBe(300);
    expect(learn(T0 + 2 * SECOND, 20_000, 20_000)).toBe(350);
    expect(learn(T0 + 1_000 * SECOND, 20_000, 20_000)).toBe(20_100);
  });

  it('hold in drift: the offset told stays within its uncertainty while the clocks run apart by 40 ppm', () => {
    const { pairs } = emptyPairs();
    for (let second = 0; second < 3_600; second += 60) {
      const skew = Math.round(5 * SECOND + 40e-6 * second * SECOND);
      const halves = call(T0 + second * SECOND, skew, 400 + (second % 7) * 900, 5_000, 700);
      pairs.learn(...halves);
      const known = pairs.between(...halves);
      expect(Math.abs((known?.offsetMicros ?? 0) - skew)).toBeLessThanOrEqual(known?.uncertaintyMicros ?? 0);
      expect(known?.uncertaintyMicros).toBeLessThan(20_000);
    }
  });

  it('are forgotten when reports say that one was set, and after a few calls that cannot be true', () => {
    const { pairs } = emptyPairs();
    pairs.learn(...call(T0, 0, 100, 5_000, 100));
    const set = call(T0 + SECOND, 120 * SECOND, 100, 5_000, 100);
    expect(pairs.between(...set)).toBe(null);
    pairs.learn(...set);
    expect(pairs.between(...set)).toMatchObject({ offsetMicros: 120 * SECOND });

    const slightly = (second: number) => {
      const [client, server] = call(T0 + second * SECOND, 120 * SECOND + 300_000, 100, 5_000, 100);
      pairs.learn(client, server);
      return pairs.between(client, server)?.offsetMicros;
    };
    expect([slightly(2), slightly(3), slightly(4)]).toEqual([120 * SECOND, 120 * SECOND, 120 * SECOND + 300_000]);
  });

  it('are not told by a call of several rounds, by one without a reply, nor by one whose service took longer than the call', () => {
    const { pairs } = emptyPairs();
    const [client, server] = call(T0, 0, 100, 5_000, 100);
    pairs.learn(half('a', T0, 90_000, 0, 2), server);
    pairs.learn({ ...client, replyFirst: null }, server);
    pairs.learn(half('a', T0, 4_000, 0), server);
    expect(pairs.between(client, server)).toBe(null);
  });

  it('are one clock within a host, and the same pair in both directions, also after they were written and read', () => {
    const { pairs, table } = emptyPairs();
    const [client, server] = call(T0, 7 * SECOND, 100, 5_000, 100);
    pairs.learn(client, server);
    pairs.flush();
    const again = createClockPairs(table);
    expect(again.between(client, server)).toMatchObject({ offsetMicros: 7 * SECOND });
    expect(again.between(server, client)).toMatchObject({ offsetMicros: -7 * SECOND });
    expect(again.between(client, client)).toEqual({ offsetMicros: 0, uncertaintyMicros: 0 });
  });
});
