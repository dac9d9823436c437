import { describe, expect, it } from 'vitest';
import { formatAgo, formatClockMillis, formatExact, formatSpan } from './times.ts';

const at = Date.UTC(2026, 10, 22, 14, 3, 22, 123) * 1_000 + 456;
const readable = (text: string): string => text.replaceAll(/[\u2009\u202f]/g, ' ');

describe('times', () => {
  it('gives the exact moment to the microsecond', () => {
    expect(formatExact(at, 'UTC')).toBe('2026-11-22 14:03:22.123456');
    expect(formatClockMillis(at, 'UTC')).toBe('14:03:22.123');
  });
  it('shows midnight as 00, not 24', () => {
    expect(formatExact(Date.UTC(2026, 0, 1) * 1_000, 'UTC')).toBe('2026-01-01 00:00:00.000000');
  });
  it('tells how long ago in whole seconds', () => {
    expect(formatAgo(at, at + 400_000)).toBe('just now');
    expect(readable(formatAgo(at, at + 12_700_000))).toBe('12 s ago');
    expect(readable(formatAgo(at + 3_000_000, at))).toBe('in 3 s');
  });
  it('names the day of a span only where it is not today', () => {
    expect(formatSpan(at, at + 300_000_000, at + 400_000_000, 'UTC')).toBe('14:03:22 – 14:08:22');
    expect(formatSpan(at, at + 300_000_000, at + 86_400_000_000, 'UTC')).toBe('2026-11-22 14:03:22 – 14:08:22');
    expect(formatSpan(at, at + 86_400_000_000, at, 'UTC')).toBe('14:03:22 – 2026-11-23 14:03:22');
  });
});
