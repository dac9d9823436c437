import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from './expression.ts';
import { parse } from './parse.ts';

/** With all its brackets: "(node:bank* and (not client:*))". */
function written(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${written(expression.left)} ${expression.kind} ${written(expression.right)})`;
    case 'not':
      return `(not ${written(expression.of)})`;
    case 'word':
      return expression.text;
    case 'name':
      return `${expression.field}:${expression.pattern}`;
    case 'measure':
      return `${expression.measure} ${expression.compare} ${expression.quantity.value} ${expression.quantity.unit}`;
  }
}
const understood = (text: string): string => {
  const parsed = parse(text);
  if (parsed.kind !== 'expression') throw new Error(JSON.stringify(parsed));
  return written(parsed.expression);
};

describe('the language of find', () => {
  it('lets and bind before or, and brackets before both', () => {
    expect(understood('a or b and c')).toBe('(a or (b and c))');
    expect(understood('(a or b) and c')).toBe('((a or b) and c)');
    expect(understood('node:bank* and (faults > 1% or p95 > 300ms) and not client:*')).toBe(
      '((node:bank* and (faults > 0.01 share or p95 > 300000 time)) and (not client:*))',
    );
  });
  it('means both by two terms side by side, and takes keywords in any case', () => {
    expect(understood('bank faults>0 NOT client:*')).toBe('((bank and faults > 0 count) and (not client:*))');
  });
  it('takes names in quotes, with spaces, brackets and keywords in them', () => {
    expect(understood('node:"bank (old)" and "or"')).toBe('(node:bank (old) and or)');
  });
  it('knows the units of each figure', () => {
    expect(understood('rate >= 30/min')).toBe('rate >= 0.5 rate');
    expect(understood('p95 < 1.5s')).toBe('p95 < 1500000 time');
    expect(understood('failed = 3')).toBe('failed = 3 count');
  });
  it.each([
    ['node:', 5, 'a name belongs behind “node:”'],
    ['bank and', 8, 'something is missing here'],
    ['or bank', 0, '“or” needs something before it'],
    ['(bank or x', 10, 'the “(” at column 1 is not closed'],
    ['bank )', 5, 'closes nothing'],
    ['bank and fautls > 1%', 9, '“fautls” is no figure; there is calls, rate'],
    ['colour:red', 0, '“colour:” is not known; there is node, machine'],
    ['p95 > 300', 6, 'p95 is compared with 300ms or 1s'],
    ['p95:300', 0, 'p95 is a figure: write p95 > …'],
    ['node > 3', 0, 'node is a name: write node:…'],
    ['faults > ', 9, 'faults is compared with 1%, 5%, 0 or 10'],
    ['node:"bank', 5, 'the quote is not closed'],
    ['> 3', 0, 'a name or a figure belongs before this'],
    [`${'('.repeat(60)}x`, 50, 'too many brackets'],
  ])('says of %s at which column it is wrong, and why', (text, at, words) => {
    expect(parse(text)).toMatchObject({ kind: 'wrong', at, words: expect.stringContaining(words) });
  });
  it('never throws, and points into the text', () => {
    const pieces = fc.constantFrom(
      'node:',
      'bank*',
      '(',
      ')',
      'and',
      'or',
      'not',
      'faults',
      '>',
      '1%',
      '"',
      ' ',
      ':',
      '<=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const parsed = parse(text);
          if (parsed.kind === 'wrong') expect(parsed.at).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
  it('looks for nothing when nothing is typed', () => {
    expect(parse('  ')).toEqual({ kind: 'empty' });
  });
});
