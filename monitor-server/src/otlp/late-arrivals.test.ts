import { describe, expect, test } from 'vitest';
import type { ExchangePlace } from '../store/store.ts';
import { createLateArrivals } from './late-arrivals.ts';

/** Ids that say their place, as "time-seq". */
function placeOf(id: string): ExchangePlace | null {
  const [time, seq] = id.split('-').map(Number);
  return time === undefined || seq === undefined ? null : { time, seq };
}
const begun = () => createLateArrivals(placeOf, { cursor: { time: 100, seq: 5 }, end: 9 });

describe('what the store tells of', () => {
  test('is missed when it is newer than the round that passed its place could see, once', () => {
    const late = begun();
    late.asks(200);
    late.answered({ time: 150, seq: 12 });
    late.passed({ time: 150, seq: 12 }, 20);
    expect(['90-10', '120-21', '150-13'].map(late.told)).toEqual([true, true, false]);
    expect(['90-9', '100-5', '120-20', '150-12'].map(late.told)).toEqual([false, false, false, false]);
    expect(['90-10', '120-21'].map(late.told)).toEqual([false, false]);
  });

  test('while a page is read is missed when that page passes it and could not see it', () => {
    const late = begun();
    late.asks(200);
    expect(['110-30', '140-31', '120-15', '250-32'].map(late.told)).toEqual([false, false, false, false]);
    late.answered({ time: 130, seq: 11 });
    expect(late.told('115-33')).toBe(false);
    expect(late.passed({ time: 130, seq: 11 }, 20)).toEqual(['110-30', '115-33']);
    expect(late.told('110-30')).toBe(false);
  });

  test('while a page is read that is given up is in sight of the next', () => {
    const late = begun();
    late.asks(200);
    late.told('110-30');
    late.answered({ time: 130, seq: 11 });
    late.asks(200);
    late.answered({ time: 130, seq: 11 });
    expect(late.passed({ time: 130, seq: 11 }, 30)).toEqual([]);
  });
});

test('what is found by reading is late when its place was passed, once', () => {
  const late = begun();
  expect(['100-5', '100-6', '90-3', '90-3'].map(late.found)).toEqual([true, false, true, false]);
});
