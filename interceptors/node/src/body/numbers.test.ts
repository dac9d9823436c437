import { describe, expect, it } from 'vitest';
import { findCardNumbers } from './card-number.ts';
import { findIbans } from './iban.ts';

const found = (find: typeof findCardNumbers, text: string): string[] =>
  find(text).map(({ from, to }) => text.slice(from, to));

describe('a card number', () => {
  it.each([
    '4111111111111111', // Visa, 16
    '4222222222222', // Visa, 13
    '378282246310005', // American Express, 15
    '30569309025904', // Diners, 14
    '6304000000000000', // Maestro, 16
    '6799990100000000019', // Maestro, 19
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111 - 1111 - 1111 - 1111',
    '3782 822463 10005',
    '4111.1111.1111.1111',
    '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
    '4111\u00a01111\u200b1111\u20131111',
    '\uff14\uff11\uff11\uff11111111111111',
  ])('is %s', (text) => {
    expect(found(findCardNumbers, `no. ${text}, paid`)).toEqual([text]);
  });

  it.each([
    ['with a wrong check digit', '4111111111111112'],
    ['of 12 digits', '411111111116'],
    ['of 20 digits', '41111111111111111110'],
    ['over letters', '41111111a11111111'],
    ['over a wide gap', '41111111    11111111'],
  ])('is none %s', (_, text) => {
    expect(found(findCardNumbers, text)).toEqual([]);
  });

  it('is found among other numbers', () => {
    expect(found(findCardNumbers, '12 4111 1111 1111 1111 99, 4222222222222')).toHaveLength(2);
  });
});

describe('an IBAN', () => {
  it.each([
    'DE89370400440532013000',
    'de89 3704 0044 0532 0130 00',
    'NO9386011117947', // 15, the shortest
    'MT84MALT011000012345MTLCAST001S', // 31, the longest
    'GB82-WEST-1234-5698-7654-32',
    'CH93 0076 2011 6238 5295 7',
  ])('is %s', (text) => {
    expect(found(findIbans, `to: ${text}; thanks`)).toEqual([text]);
  });

  it.each([
    'DE88370400440532013000',
    'DEAB370400440532013000',
    'DE893704',
    'urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  ])('is not %s', (text) => {
    expect(found(findIbans, text)).toEqual([]);
  });

  it('is found after a word', () => {
    expect(found(findIbans, 'IBAN DE89 3704 0044 0532 0130 00 please')).toEqual(['DE89 3704 0044 0532 0130 00']);
  });
});
