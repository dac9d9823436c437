import { describe, expect, it } from 'vitest';
import { formatDelay, formatDuration } from './durations.ts';

const readable = (text: string): string => text.replaceAll(/[\u2009\u202f]/g, ' ');

describe('durations', () => {
  it('chooses the unit a person would', () => {
    expect([0, 512, 12_345, 999_499, 999_600, 1_234_567, 125_000_000].map(formatDuration).map(readable)).toEqual([
      '0 µs',
      '512 µs',
      '12.3 ms',
      '999 ms',
      '1 s',
      '1.23 s',
      '2 min 5 s',
    ]);
  });
  it('joins the two largest units of a long one', () => {
    expect(readable(formatDuration(3_600_000_000))).toBe('1 h');
    expect(readable(formatDuration(11_520_000_000))).toBe('3 h 12 min');
    expect(readable(formatDuration(187_200_000_000))).toBe('2 d 4 h');
  });
  it('says unknown where nothing is known', () => {
    expect(formatDuration(null)).toBe('unknown');
  });
  it('gives how late the picture is in seconds, never less than nothing', () => {
    expect(readable(formatDelay(120_000))).toBe('0.12 s');
    expect(readable(formatDelay(-5))).toBe('0.00 s');
  });
});
