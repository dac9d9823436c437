import type { Random } from './random.ts';

/** What must not be reported. `plain` without the spaces and dashes that it may be written with. */
export interface Secret {
  readonly kind: 'marker' | 'card' | 'iban' | 'ticket';
  readonly plain: string;
}

const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '123456789';

/** Capitals and digits in turns: no six characters of it can stand in anything else that is generated here. */
export function createMarker(random: Random): Secret {
  let plain = '';
  while (plain.length < 24) plain += random.word(2, CAPITALS) + random.word(1, DIGITS);
  return { kind: 'marker', plain };
}

/** 13 to 19 digits with the right check digit; never a zero before it, as every number that is harmless has many. */
export function createCard(random: Random): Secret {
  const digits = random.word(12 + random.below(7), DIGITS);
  for (let check = 0; check < 10; check++) {
    if (luhnSum(`${digits}${check}`) % 10 === 0) return { kind: 'card', plain: `${digits}${check}` };
  }
  throw new Error(`no check digit for ${digits}`);
}

export function createIban(random: Random): Secret {
  const country = random.word(2, CAPITALS);
  const length = 11 + random.below(20);
  const account = random.word(length, random.chance(0.5) ? DIGITS : CAPITALS + DIGITS);
  const check = 98n - (numberOf(`${account}${country}00`) % 97n);
  return { kind: 'iban', plain: `${country}${String(check).padStart(2, '0')}${account}` };
}

/** For an expression that the user gave. */
export const TICKET = /TK-\d{8}-[A-Z]{4}/;
export const createTicket = (random: Random): Secret => ({
  kind: 'ticket',
  plain: `TK-${random.word(8, DIGITS)}-${random.word(4, CAPITALS)}`,
});

/** A long number that is no card: its check digit is wrong. */
export function createHarmlessNumber(random: Random): string {
  const digits = `7${'0'.repeat(11 + random.below(6))}`;
  for (let last = random.below(10); ; last = (last + 1) % 10) {
    if (luhnSum(`${digits}${last}`) % 10 !== 0) return `${digits}${last}`;
  }
}

/** The number as people write it. */
export function grouped(random: Random, plain: string): string {
  if (random.chance(0.4)) return plain;
  const separator = random.pick([' ', '-', ' ', '\u00a0', ' - ', '\n']);
  const size = random.pick([4, 4, 4, 5, 3]);
  return plain.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? plain;
}

function luhnSum(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += i % 2 === 0 ? digit : doubled;
  }
  return sum;
}

function numberOf(account: string): bigint {
  return BigInt([...account].map((character) => Number.parseInt(character, 36)).join(''));
}
