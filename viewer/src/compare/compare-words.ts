import type { LinkDifference } from '@soa-monitor/protocol';
import { formatDuration } from '../format/durations.ts';
import { formatNumber, formatShare, UNKNOWN, withUnit } from '../format/numbers.ts';
import type { ComparedRow } from './compared-rows.ts';

/** A change by sign and word, never by colour alone. */
export const CHANGE_WORDS: Readonly<Record<ComparedRow['change'], { readonly sign: string; readonly word: string }>> = {
  added: { sign: '+', word: 'added' },
  gone: { sign: '−', word: 'gone' },
  changed: { sign: '±', word: 'changed' },
  same: { sign: '=', word: 'the same' },
  tooLittle: { sign: '?', word: 'too little data' },
};

/** "12 – 14 ms": the p95 lies in there with 95 % confidence. */
export const intervalWords = (interval: { readonly low: number; readonly high: number } | null): string =>
  interval === null ? 'too few calls' : `${formatDuration(interval.low)} – ${formatDuration(interval.high)}`;

/** "+3.1 points (1.2 to 5)": how much more of all calls failed, with its 95 % interval. */
export function shareWords(share: LinkDifference['faultShare']): string {
  if (share === null) return UNKNOWN;
  const { difference, low, high } = share;
  return `${signed(difference)} points (${signed(low)} to ${signed(high)})`;
}

export const sharesWords = (before: number | null, after: number | null): string =>
  `${formatShare(before)} → ${formatShare(after)}`;

/** "+42 %" of the rate before; where there was none, nothing can be said. */
export function rateChange(before: number | null, after: number | null): string {
  if (before === null || after === null || before === 0) return '';
  const change = (after - before) / before;
  return `${change < 0 ? '' : '+'}${withUnit(formatNumber(change * 100), '%').replace('-', '−')}`;
}

const signed = (share: number): string => {
  const points = formatNumber(Math.round(Math.abs(share) * 1_000) / 10);
  return points === '0' ? '0' : `${share < 0 ? '−' : '+'}${points}`;
};
