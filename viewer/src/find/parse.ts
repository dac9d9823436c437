import { type Expression, FIELDS, isField, isMeasure, MEASURES } from './expression.ts';
import { examplesOf, quantityOf } from './quantity.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What was typed, understood; or the column from which on it was not, and why. `empty`: nothing is looked for. */
export type Parsed =
  | { readonly kind: 'empty' }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'wrong'; readonly at: number; readonly words: string };

/**
 * expression = all { "or" all };  all = one { ["and"] one };  one = "not" one | "(" expression ")" | term
 * term = field ":" pattern | measure compare quantity | word.  "and" binds before "or"; two terms side by side are both meant.
 */
export function parse(text: string): Parsed {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return { kind: 'empty' };
  const reader = { tokens, next: 0, depth: 0, end: text.length };
  const read = readExpression(reader);
  if (read.kind === 'wrong') return read;
  const left = tokens[reader.next];
  if (left === undefined) return read;
  return wrong(left.at, left.kind === ')' ? 'this closes nothing: there is no “(” before it' : 'expected and, or');
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly end: number;
  next: number;
  depth: number;
}

type Read = Exclude<Parsed, { kind: 'empty' }>;

/** Brackets and nots inside one another; a person writes three. */
const DEPTH_MAX = 50;

function readExpression(reader: Reader): Read {
  let left = readAll(reader);
  while (left.kind === 'expression' && keywordAt(reader) === 'or') {
    reader.next++;
    const right = readAll(reader);
    if (right.kind === 'wrong') return right;
    left = joined('or', left.expression, right.expression);
  }
  return left;
}

function readAll(reader: Reader): Read {
  let left = readOne(reader);
  while (left.kind === 'expression') {
    const keyword = keywordAt(reader);
    const token = reader.tokens[reader.next];
    if (token === undefined || token.kind === ')' || keyword === 'or') return left;
    if (keyword === 'and') reader.next++;
    const right = readOne(reader);
    if (right.kind === 'wrong') return right;
    left = joined('and', left.expression, right.expression);
  }
  return left;
}

function readOne(reader: Reader): Read {
  const token = reader.tokens[reader.next];
  if (token === undefined)
    return wrong(reader.end, 'something is missing here: a name, or a figure such as faults > 1%');
  if (reader.depth >= DEPTH_MAX) return wrong(token.at, 'too many brackets inside one another');
  const keyword = keywordAt(reader);
  if (keyword === 'not' || token.kind === '(') {
    reader.next++;
    reader.depth++;
    const inner = keyword === 'not' ? negated(readOne(reader)) : readBracket(reader, token.at);
    reader.depth--;
    return inner;
  }
  if (keyword !== null) return wrong(token.at, `“${keyword}” needs something before it`);
  return readTerm(reader, token);
}

function readBracket(reader: Reader, openedAt: number): Read {
  const inner = readExpression(reader);
  if (inner.kind === 'wrong') return inner;
  const close = reader.tokens[reader.next];
  if (close?.kind !== ')') return wrong(close?.at ?? reader.end, `the “(” at column ${openedAt + 1} is not closed`);
  reader.next++;
  return inner;
}

function readTerm(reader: Reader, token: Token): Read {
  if (token.kind === 'quoted') return readWord(reader, token);
  if (token.kind !== 'word') return wrong(token.at, 'a name or a figure belongs before this');
  const sign = reader.tokens[reader.next + 1];
  if (sign?.kind === ':') return readName(reader, token, sign);
  if (sign?.kind === 'compare') return readMeasure(reader, token);
  return readWord(reader, token);
}

function readWord(reader: Reader, token: Token & { readonly text: string }): Read {
  if (token.kind === 'quoted' && !token.closed) return wrong(token.at, 'the quote is not closed');
  reader.next++;
  return { kind: 'expression', expression: { kind: 'word', text: token.text } };
}

function readName(reader: Reader, word: Token & { readonly text: string }, colon: Token): Read {
  const field = word.text.toLowerCase();
  if (!isField(field)) {
    const hint = isMeasure(field)
      ? `${field} is a figure: write ${field} > …`
      : `there is ${listed(Object.keys(FIELDS))}`;
    return wrong(word.at, `“${word.text}:” is not known; ${hint}`);
  }
  const value = reader.tokens[reader.next + 2];
  if (value === undefined || (value.kind !== 'word' && value.kind !== 'quoted'))
    return wrong(value?.at ?? colon.end, `a name belongs behind “${field}:”, for instance ${field}:*`);
  if (value.kind === 'quoted' && !value.closed) return wrong(value.at, 'the quote is not closed');
  reader.next += 3;
  return { kind: 'expression', expression: { kind: 'name', field, pattern: value.text } };
}

function readMeasure(reader: Reader, word: Token & { readonly text: string }): Read {
  const measure = word.text.toLowerCase();
  if (!isMeasure(measure)) {
    const hint = isField(measure)
      ? `${measure} is a name: write ${measure}:…`
      : `there is ${listed(Object.keys(MEASURES))}`;
    return wrong(word.at, `“${word.text}” is no figure; ${hint}`);
  }
  const sign = reader.tokens[reader.next + 1];
  const value = reader.tokens[reader.next + 2];
  const { units } = MEASURES[measure];
  const quantity = value?.kind === 'word' ? quantityOf(value.text, units) : null;
  if (quantity === null || sign?.kind !== 'compare')
    return wrong(value?.at ?? reader.end, `${measure} is compared with ${listed(examplesOf(units))}`);
  reader.next += 3;
  return { kind: 'expression', expression: { kind: 'measure', measure, compare: sign.compare, quantity } };
}

const KEYWORDS = ['and', 'or', 'not'] as const;

function keywordAt({ tokens, next }: Reader): (typeof KEYWORDS)[number] | null {
  const token = tokens[next];
  if (token?.kind !== 'word') return null;
  // `or:x` would be a name of a field that does not exist: told as such.
  if (tokens[next + 1]?.kind === ':') return null;
  return KEYWORDS.find((keyword) => keyword === token.text.toLowerCase()) ?? null;
}

const joined = (kind: 'and' | 'or', left: Expression, right: Expression): Read => ({
  kind: 'expression',
  expression: { kind, left, right },
});

const negated = (read: Read): Read =>
  read.kind === 'wrong' ? read : { kind: 'expression', expression: { kind: 'not', of: read.expression } };

const wrong = (at: number, words: string): Read => ({ kind: 'wrong', at, words });

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
