import { describe, expect, test } from 'vitest';
import { microsOfDuration, microsOfTime } from './time-texts.ts';

describe('a time in a query', () => {
  test.each([
    ['1760000000000000', 1_760_000_000_000_000],
    ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10) * 1_000],
    ['2026-11-22T10:00:00.123456Z', Date.UTC(2026, 10, 22, 10) * 1_000 + 123_456],
    ['2026-11-22T10:00:00.5+02:00', Date.UTC(2026, 10, 22, 8) * 1_000 + 500_000],
    ['2026-11-22T10:00:00 02:00', Date.UTC(2026, 10, 22, 8) * 1_000],
    ['2026-11-22T10:00', Date.UTC(2026, 10, 22, 10) * 1_000],
    ['2026-11-22', Date.UTC(2026, 10, 22) * 1_000],
    ['now', null],
    ['-1', null],
    ['1e9', null],
    ['2026-13-45T00:00:00Z', null],
    ['1969-12-31T23:59:59Z', null],
    ['22 Nov 2026', null],
  ])('%s', (text, micros) => expect(microsOfTime(text)).toBe(micros));
});

describe('a duration in a query', () => {
  test.each([
    ['1500', 1_500],
    ['250ms', 250_000],
    ['2m', 120_000_000],
    ['1d', 86_400_000_000],
    ['1.5s', null],
    ['-1s', null],
    ['999999999999999d', null],
  ])('%s', (text, micros) => expect(microsOfDuration(text)).toBe(micros));
});
