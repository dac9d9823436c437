import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_MAX, bucketMiddle, bucketOf, countInto, type Histogram, mergeInto, quantile } from './histogram.ts';

const micros = fc.integer({ min: 0, max: 2 ** 40 - 1 });
const of = (values: readonly number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const value of values) countInto(histogram, bucketOf(value), 1);
  return histogram;
};

describe('the latency sketch', () => {
  it('keeps small values exactly', () => {
    for (let value = 0; value < 32; value++) expect(Math.floor(bucketMiddle(bucketOf(value)))).toBe(value);
  });

  it('stands for any value within 1/32 of it', () => {
    fc.assert(
      fc.property(micros, (value) => {
        expect(Math.abs(bucketMiddle(bucketOf(value)) - value)).toBeLessThanOrEqual(value / 32);
      }),
    );
  });

  it('orders buckets as it orders values, at powers of two as well', () => {
    for (let exponent = 1; exponent < 40; exponent++) {
      expect(bucketOf(2 ** exponent - 1)).toBeLessThanOrEqual(bucketOf(2 ** exponent));
      expect(bucketOf(2 ** exponent)).toBeLessThan(bucketOf(2 ** (exponent + 1)));
    }
    expect(bucketOf(2 ** 50)).toBe(BUCKET_MAX);
    expect(bucketOf(-1)).toBe(0);
  });

  it('gives the nearest-rank quantile within 3.2 %', () => {
    fc.assert(
      fc.property(
        fc.array(micros, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const exact = [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0;
          expect(Math.abs((quantile(of(values), share) ?? -1) - exact)).toBeLessThanOrEqual(exact * 0.032);
        },
      ),
    );
  });

  it('merges to what counting everything gives, and taking out undoes it', () => {
    fc.assert(
      fc.property(fc.array(micros), fc.array(micros), (some, more) => {
        const merged = of(some);
        mergeInto(merged, of(more));
        expect(new Map([...merged].sort())).toEqual(new Map([...of([...some, ...more])].sort()));
        for (const value of more) countInto(merged, bucketOf(value), -1);
        expect(new Map([...merged].sort())).toEqual(new Map([...of(some)].sort()));
      }),
    );
  });

  it('knows nothing of nothing', () => {
    expect(quantile(new Map(), 0.95)).toBeNull();
  });
});
