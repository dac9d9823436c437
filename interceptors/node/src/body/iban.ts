import { type Groups, groupsOf } from './number-groups.ts';
import type { Range } from './patterns.ts';

const LENGTH_MIN = 15;
const LENGTH_MAX = 34;
/** Country and check digits: they count last. */
const HEAD = 4;

/**
 * Where IBANs stand: two letters, two digits and 11 to 30 letters or digits, in groups of any length with spaces or dashes
 * between them, whose check digits are right (ISO 13616, mod 97). A group is never cut.
 */
export function findIbans(text: string): readonly Range[] {
  const found: Range[] = [];
  const groups = groupsOf(text, isMember);
  for (let first = 0; first < groups.from.length; ) {
    const last = lastOfIban(text, groups, first);
    if (last >= 0) found.push({ from: groups.from[first] ?? 0, to: groups.to[last] ?? 0 });
    first = last < 0 ? first + 1 : last + 1;
  }
  return found;
}

/** The longest IBAN that begins with this group ends with the group given; -1: none does. */
function lastOfIban(text: string, { from, to, isJoined }: Groups, first: number): number {
  let found = -1;
  let count = 0;
  let head = '';
  let rest = 0;
  for (let i = first; i < from.length; i++) {
    if (i > first && !isJoined[i]) break;
    const end = to[i] ?? 0;
    for (let at = from[i] ?? 0; at < end; at++) {
      if (count === LENGTH_MAX) return found;
      const value = numberOf(text.charCodeAt(at));
      if (count < HEAD) {
        if (value < 10 !== count >= 2) return found;
        head += text.charAt(at);
      } else rest = appended(rest, value);
      count++;
    }
    if (count >= LENGTH_MIN && remainderWith(rest, head) === 1) found = i;
  }
  return found;
}

function remainderWith(rest: number, head: string): number {
  let whole = rest;
  for (let i = 0; i < HEAD; i++) whole = appended(whole, numberOf(head.charCodeAt(i)));
  return whole;
}

/** A letter stands for two digits, 10 to 35. */
const appended = (rest: number, value: number): number => (value < 10 ? rest * 10 + value : rest * 100 + value) % 97;

const isMember = (code: number): boolean => code < 128 && (isDigit(code) || isLetter(code | 32));

const numberOf = (code: number): number => (isDigit(code) ? code - 48 : (code | 32) - 87);

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const isLetter = (code: number): boolean => code >= 97 && code <= 122;
