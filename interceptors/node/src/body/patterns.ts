import { findAssigned } from './assignments.ts';
import { findCardNumbers } from './card-number.ts';
import { findIbans } from './iban.ts';

/** A stretch of a text, its end excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What stands where something was removed. */
export const REDACTED = '[redacted]';

export interface Removed {
  readonly text: string;
  readonly hits: number;
}

/** Takes card numbers, IBANs, what is assigned to the name of a secret, and what the user's own expressions match out of a value. */
export function removePatterns(text: string, expressions: readonly RegExp[]): Removed {
  const ranges: Range[] = [];
  if (mayHoldNumber(text)) ranges.push(...findCardNumbers(text), ...findIbans(text));
  if (text.includes('=') || text.includes(':')) ranges.push(...findAssigned(text));
  for (const expression of expressions) {
    for (const match of text.matchAll(expression)) {
      if (match[0] !== '') ranges.push({ from: match.index, to: match.index + match[0].length });
    }
  }
  return ranges.length === 0 ? { text, hits: 0 } : cutOut(text, ranges);
}

const mayHoldNumber = (text: string): boolean => text.length >= 13 && /[0-9\uff10-\uff19]/.test(text);

function cutOut(text: string, ranges: Range[]): Removed {
  ranges.sort((a, b) => a.from - b.from);
  let kept = '';
  let at = 0;
  let hits = 0;
  for (const { from, to } of ranges) {
    if (to <= at) continue;
    if (from >= at) {
      kept += text.slice(at, from) + REDACTED;
      hits++;
    }
    at = to;
  }
  return { text: kept + text.slice(at), hits };
}
