import { describe, expect, test } from 'vitest';
import { type ComparedSide, compareLinks, quantileInterval, shareDifference, wilsonInterval } from './compare-links.ts';
import { countExchange, noFigures, shownFigures } from './figures.ts';
import { bucketOf, bucketRange, type Histogram } from './histogram.ts';

describe('intervals are those of their sources', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson: %i of %i', (hits, all, low, high) => {
    const interval = wilsonInterval({ hits, all });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10: the first proportion less the second.
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('Newcombe: %i of %i less %i of %i', (hits, all, hits2, all2, low, high) => {
    const found = shareDifference({ hits: hits2, all: all2 }, { hits, all });
    expect(found?.low).toBeCloseTo(low, 4);
    expect(found?.high).toBeCloseTo(high, 4);
  });

  test('a side without exchanges has no share to compare', () => {
    expect(shareDifference({ hits: 0, all: 0 }, { hits: 1, all: 2 })).toBeNull();
  });

  test('the p95 of 100 values lies between the 91st and the largest, and of fewer than 73 nobody knows', () => {
    const merged: Histogram = new Map();
    for (let value = 1; value <= 100; value++) {
      const bucket = bucketOf(value * 1_000);
      merged.set(bucket, (merged.get(bucket) ?? 0) + 1);
    }
    // n p ∓ 1.96 √(n p (1 − p)) = 95 ∓ 4.27: ranks 91 and 100.
    expect(quantileInterval(merged, 0.95)).toEqual({
      low: bucketRange(bucketOf(91_000)).from,
      high: bucketRange(bucketOf(100_000)).to,
    });
    expect(quantileInterval(new Map([[5, 72]]), 0.95)).toBeNull();
    expect(quantileInterval(new Map([[5, 73]]), 0.95)).toEqual({ low: 5, high: 5 });
    expect(quantileInterval(new Map(), 0.5)).toBeNull();
  });
});

describe('two windows', () => {
  const side = (seconds: number, ...links: readonly [string, number, number, number][]): ComparedSide => ({
    seconds,
    links: links.map(([id, count, faults, durationMicros]) => {
      const figures = noFigures();
      for (let index = 0; index < count; index++)
        countExchange(
          figures,
          { outcome: index < faults ? 'fault' : 'ok', durationMicros, requestBytes: 0, replyBytes: 0 },
          1,
        );
      return { link: { id, source: 'a', target: 'b', operation: null, ...shownFigures(figures) }, figures };
    }),
  });

  test('of different length are compared by rate', () => {
    const { changed } = compareLinks(side(3_600, ['x', 3_600, 0, 500]), side(60, ['x', 120, 0, 500]));
    expect(changed[0]?.difference).toMatchObject({
      rateBefore: 1,
      rateAfter: 2,
      faultShareVerdict: 'same',
      p95Verdict: 'same',
    });
  });

  test.each([
    ['more faults', ['x', 1_000, 10, 500], ['x', 1_000, 60, 500], 'more', 'same'],
    ['fewer faults', ['x', 1_000, 60, 500], ['x', 1_000, 10, 500], 'less', 'same'],
    ['slower', ['x', 1_000, 10, 500], ['x', 1_000, 10, 900], 'same', 'more'],
    ['faster', ['x', 1_000, 10, 900], ['x', 1_000, 10, 500], 'same', 'less'],
    ['two calls, one of them bad', ['x', 1_000, 10, 500], ['x', 2, 1, 500], 'more', 'tooLittle'],
    ['two calls, both good', ['x', 1_000, 10, 500], ['x', 2, 0, 9_000], 'tooLittle', 'tooLittle'],
  ] as const)('%s', (_name, before, after, share, p95) => {
    const { changed } = compareLinks(side(60, [...before]), side(60, [...after]));
    expect(changed[0]?.difference).toMatchObject({ faultShareVerdict: share, p95Verdict: p95 });
  });

  test('a link that is gone proves something only where calls were to be expected', () => {
    const before = side(60, ['often', 60, 0, 5], ['seldom', 2, 0, 5]);
    const { gone, added, changed } = compareLinks(before, side(60));
    expect(gone.map(({ id, tooLittle }) => [id, tooLittle])).toEqual([
      ['often', false],
      ['seldom', true],
    ]);
    expect([added, changed]).toEqual([[], []]);
    expect(compareLinks(side(1), before).added.map(({ tooLittle }) => tooLittle)).toEqual([true, true]);
  });
});
