import { type Groups, groupsOf } from './number-groups.ts';
import type { Range } from './patterns.ts';

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/**
 * Where card numbers stand: 13 to 19 digits in groups of any length with spaces, dashes or dots between them, whose check
 * digit is right (ISO/IEC 7812, Luhn). A group is never cut: digits amid more digits are not looked for.
 */
export function findCardNumbers(text: string): readonly Range[] {
  const found: Range[] = [];
  const groups = groupsOf(text, isDigit);
  for (let first = 0; first < groups.from.length; ) {
    const last = lastOfCard(text, groups, first);
    if (last >= 0) found.push({ from: groups.from[first] ?? 0, to: groups.to[last] ?? 0 });
    first = last < 0 ? first + 1 : last + 1;
  }
  return found;
}

/** The longest card number that begins with this group ends with the group given; -1: none does. */
function lastOfCard(text: string, { from, to, isJoined }: Groups, first: number): number {
  let found = -1;
  let count = 0;
  // Luhn from the left, for both cases: the digit in hand stands at an odd or at an even place from the right.
  let odd = 0;
  let even = 0;
  for (let i = first; i < from.length; i++) {
    if (i > first && !isJoined[i]) break;
    const end = to[i] ?? 0;
    let at = from[i] ?? 0;
    count += end - at;
    if (count > DIGITS_MAX) break;
    for (; at < end; at++) {
      const digit = digitOf(text.charCodeAt(at));
      const doubled = digit < 5 ? digit * 2 : digit * 2 - 9;
      const before = odd;
      odd = even + digit;
      even = before + doubled;
    }
    if (count >= DIGITS_MIN && odd % 10 === 0) found = i;
  }
  return found;
}

/** Also the wide ones of East Asian text. */
const isDigit = (code: number): boolean => (code >= 0x30 && code <= 0x39) || (code >= 0xff10 && code <= 0xff19);

const digitOf = (code: number): number => (code < 0x80 ? code - 0x30 : code - 0xff10);
