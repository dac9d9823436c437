import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIntervalSet } from './interval-set.ts';

describe('an interval set', () => {
  it('holds what a set of numbers holds, in the fewest intervals', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), (values) => {
        const set = createIntervalSet();
        const model = new Set<number>();
        for (const value of values) {
          expect(set.add(value)).toBe(!model.has(value));
          model.add(value);
        }
        for (let value = 0; value <= 61; value++) expect(set.has(value)).toBe(model.has(value));
        const begins = [...model].filter((value) => !model.has(value - 1));
        expect(set.intervals().map(([first]) => first)).toEqual(begins.sort((a, b) => a - b));
        const copy = createIntervalSet(set.intervals());
        for (let value = 0; value <= 61; value++) expect(copy.has(value)).toBe(model.has(value));
      }),
    );
  });

  it('closes the oldest gap beyond its bound, and counts it', () => {
    const set = createIntervalSet([], 3);
    for (const value of [0, 10, 20, 30]) set.add(value);
    expect(set.intervals()).toEqual([
      [0, 10],
      [20, 20],
      [30, 30],
    ]);
    expect(set.closedGaps).toBe(1);
  });
});
