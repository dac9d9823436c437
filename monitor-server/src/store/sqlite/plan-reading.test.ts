import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planReading } from './plan-reading.ts';

const MINUTE = 60_000_000;
const tier = (name: 'minute' | 'ten' | 'hour', minutes: number, until = Number.MAX_SAFE_INTEGER) => ({
  ...{ name, micros: minutes * MINUTE, since: 0, until },
});
const TIERS = [tier('minute', 1), tier('ten', 10), tier('hour', 60)];
const shown = (from: number, to: number, tiers = TIERS) =>
  planReading({ from: from * MINUTE, to: to * MINUTE }, 'facts' as const, tiers).map(
    ({ tier: name, from: begin, to: end, sign }) => [name, begin / MINUTE, end / MINUTE, sign],
  );

test('a window is read from the coarsest tier that fits, its ends from the finer ones', () => {
  expect(shown(0, 120)).toEqual([['hour', 0, 120, 1]]);
  expect(shown(60.25, 120)).toEqual([
    ['facts', 60, 60.25, -1],
    ['hour', 60, 120, 1],
  ]);
  expect(shown(37, 98)).toEqual([
    ['minute', 37, 40, 1],
    ['minute', 98, 100, -1],
    ['ten', 40, 60, 1],
    ['ten', 100, 120, -1],
    ['hour', 60, 120, 1],
  ]);
  expect(shown(4, 6)).toEqual([['minute', 4, 6, 1]]);
  expect(shown(0.5, 0.75)).toEqual([['facts', 0.5, 0.75, 1]]);
  expect(shown(3, 3)).toEqual([]);
});

test('a tier is read only as far as it is written', () => {
  const tiers = [tier('minute', 1), tier('ten', 10, 60 * MINUTE), tier('hour', 60, 0)];
  expect(shown(0, 75, tiers)).toEqual([
    ['minute', 60, 75, 1],
    ['ten', 0, 60, 1],
  ]);
});

test('whatever the window, the stretches come to it exactly, and no end reads more than half a bucket of the next tier', () => {
  const windows = fc.record({
    from: fc.nat(300 * MINUTE),
    length: fc.integer({ min: 1, max: 600 * MINUTE }),
    tens: fc.nat(90),
    hours: fc.nat(15),
  });
  fc.assert(
    fc.property(windows, fc.nat(900 * MINUTE), ({ from, length, tens, hours }, at) => {
      const to = from + length;
      const tiers = [tier('minute', 1), tier('ten', 10, tens * 10 * MINUTE), tier('hour', 60, hours * 60 * MINUTE)];
      const stretches = planReading({ from, to }, 'facts' as const, tiers);
      const times = stretches.reduce(
        (sum, { from: begin, to: end, sign }) => sum + (at >= begin && at < end ? sign : 0),
        0,
      );
      expect(times).toBe(at >= from && at < to ? 1 : 0);
      if (length < 2 * MINUTE) return;
      for (const { tier: name, from: begin, to: end } of stretches)
        if (name === 'facts') expect(end - begin).toBeLessThanOrEqual(MINUTE / 2);
    }),
    { numRuns: 500 },
  );
});
