import { describe, expect, it } from 'vitest';
import { type ClockOffset, keyTime, nextOffset } from './key-time.ts';

const MILLI = 1_000;
const offsetAfter = (...samples: readonly number[]): ClockOffset => {
  let offset: ClockOffset | null = null;
  for (const sample of samples) offset = nextOffset(offset, sample * MILLI);
  if (offset === null) throw new Error('no samples');
  return offset;
};

describe('the offset of a clock', () => {
  it('is nothing up to half a second: that is delay', () => {
    expect(offsetAfter(400).applied).toBe(0);
    expect(offsetAfter(-500).applied).toBe(0);
    expect(offsetAfter(400, 20).best).toBe(20 * MILLI);
  });
  it('is what the first report shows beyond that', () => {
    expect(offsetAfter(501).applied).toBe(501 * MILLI);
    expect(offsetAfter(-3_600_000).applied).toBe(-3_600_000 * MILLI);
  });
  it('stays while it moves by no more than half a second', () => {
    expect(offsetAfter(2_000, 2_400, 1_600).applied).toBe(2_000 * MILLI);
  });
  it('moves at once when a report shows that less is true', () => {
    expect(offsetAfter(2_000, 1_400).applied).toBe(1_400 * MILLI);
    expect(offsetAfter(700, 10).applied).toBe(0);
    expect(offsetAfter(0, -3_000).applied).toBe(-3_000 * MILLI);
  });
  it('does not move for one report that was held up, but for two that agree', () => {
    expect(offsetAfter(0, 5_000).applied).toBe(0);
    expect(offsetAfter(0, 5_000, 0, 5_000).applied).toBe(0);
    expect(offsetAfter(0, 5_000, 5_100).applied).toBe(5_100 * MILLI);
  });
});

describe('key time', () => {
  const now = 1_000_000_000_000_000;
  const day = 24 * 3_600_000_000;
  it('is the corrected time, within the retention and five minutes ahead', () => {
    expect(keyTime(now - day, offsetAfter(0), now, 30 * day)).toEqual({ time: now - day, placed: false });
    expect(keyTime(now - day, offsetAfter(86_400_000), now, 30 * day)).toEqual({ time: now, placed: false });
  });
  it('is the time of receipt outside of them', () => {
    expect(keyTime(now - 31 * day, offsetAfter(0), now, 30 * day)).toEqual({ time: now, placed: true });
    expect(keyTime(now + 301_000_000, offsetAfter(0), now, 30 * day)).toEqual({ time: now, placed: true });
  });
});
