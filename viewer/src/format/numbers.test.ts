import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatNumber, formatPlural, formatRate, formatShare } from './numbers.ts';

const readable = (text: string): string => text.replaceAll(/[\u2009\u202f]/g, ' ');

describe('numbers', () => {
  it('shows three significant digits without an exponent', () => {
    expect([0, 0.01234, 1.2345, 12.345, 123.45, 1.5, 100].map(formatNumber)).toEqual([
      '0',
      '0.0123',
      '1.23',
      '12.3',
      '123',
      '1.5',
      '100',
    ]);
  });
  it('puts thin spaces between thousands and shortens from a million on', () => {
    expect(formatNumber(12_345)).toBe('12\u2009300');
    expect(readable(formatNumber(1_234_567))).toBe('1.23 M');
    expect(readable(formatNumber(999_999))).toBe('1 M');
    expect(readable(formatNumber(-5_430_000_000))).toBe('-5.43 G');
  });
  it('keeps every digit of a count', () => {
    expect(formatCount(1_234_567)).toBe('1\u2009234\u2009567');
    expect(formatPlural(1, 'message', 'messages')).toBe('1 message');
    expect(formatPlural(0, 'message', 'messages')).toBe('0 messages');
  });
  it('never shows a zero for what is unknown', () => {
    expect(formatRate(null)).toBe('unknown');
    expect(formatShare(null)).toBe('unknown');
  });
  it('gives slow rates by the minute', () => {
    expect(readable(formatRate(0.05))).toBe('3 /min');
    expect(readable(formatRate(12.34))).toBe('12.3 /s');
    expect(readable(formatRate(0))).toBe('0 /s');
  });
  it('never rounds a small share to nothing', () => {
    expect(readable(formatShare(0.00001))).toBe('< 0.01 %');
    expect(readable(formatShare(0.0123))).toBe('1.23 %');
    expect(readable(formatShare(0))).toBe('0 %');
  });
  it('gives bytes in decimal units', () => {
    expect([12, 999, 1_000, 12_345, 1_234_567].map(formatBytes).map(readable)).toEqual([
      '12 B',
      '999 B',
      '1 kB',
      '12.3 kB',
      '1.23 MB',
    ]);
  });
});
