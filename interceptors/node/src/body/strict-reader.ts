import { expandStrictly } from './references.ts';

/**
 * Reads XML 1.0 token by token and takes nothing that another parser might read otherwise: what is no well-formed XML, and a
 * DOCTYPE, is `wrong`. A text that is not whole may end anywhere: its last, unfinished token is `cut`.
 */
export interface StrictReader {
  readonly text: string;
  /** Where the token begins and ends. */
  start: number;
  end: number;
  /** Of a tag: what stands between '<' and the first space or end. */
  name: string;
  isEmpty: boolean;
  readonly attributes: Attribute[];
  /** What is wrong. */
  reason: string;
  readonly isWhole: boolean;
  readonly firstBadCharacter: number;
}

export interface Attribute {
  readonly name: string;
  /** References expanded, white space as spaces. */
  readonly value: string;
  /** In the text: from the opening quote to after the closing one. */
  readonly from: number;
  readonly to: number;
}

/** `aside`: a comment or a processing instruction. `end`: nothing is left. */
export type Token = 'text' | 'cdata' | 'open' | 'close' | 'aside' | 'end' | 'cut' | 'wrong';

/** No envelope needs more. */
const ATTRIBUTES_MAX = 256;
const NAME_LENGTH_MAX = 1_024;

// XML 1.0, productions 2 and 4, without the colon.
const NOT_A_CHARACTER = /[^\t\n\r -\ufffd]/;
const FIRST =
  'A-Za-z_\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\udfff\\uf900-\\ufdcf\\ufdf0-\\ufffd';
const PART = `[${FIRST}][${FIRST}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`;
const NAME = new RegExp(`(?:${PART}:)?${PART}`, 'y');
const SPACE = /[ \t\r\n]*/y;
/** A name, an equals sign and the opening quote, or as much of them as there is. */
const ATTRIBUTE = new RegExp(`((?:${PART}:)?${PART})[ \\t\\r\\n]*=[ \\t\\r\\n]*(["'])`, 'y');

export const createStrictReader = (text: string, isWhole: boolean): StrictReader => {
  const bad = text.search(NOT_A_CHARACTER);
  return {
    text,
    start: 0,
    end: 0,
    name: '',
    isEmpty: false,
    attributes: [],
    reason: '',
    isWhole,
    firstBadCharacter: bad < 0 ? text.length : bad,
  };
};

export function nextToken(reader: StrictReader): Token {
  const token = readToken(reader);
  if (reader.end > reader.firstBadCharacter) return wrong(reader, 'a character that XML does not know');
  return token;
}

function readToken(reader: StrictReader): Token {
  const { text } = reader;
  const start = reader.end;
  reader.start = start;
  if (start >= text.length) return reader.isWhole ? 'end' : 'cut';
  if (text.charCodeAt(start) !== 60) return readText(reader);
  const second = text.charCodeAt(start + 1);
  if (second === 47) return readCloseTag(reader);
  if (second === 63) return readUntil(reader, '?>', 2, 'aside');
  if (second !== 33) return readOpenTag(reader);
  if (text.startsWith('<!--', start)) return readComment(reader);
  if (text.startsWith('<![CDATA[', start)) return readUntil(reader, ']]>', 9, 'cdata');
  const beginning = text.slice(start, start + 9);
  if ('<!--'.startsWith(beginning) || '<![CDATA['.startsWith(beginning)) return cut(reader);
  return wrong(reader, beginning === '<!DOCTYPE' ? 'a DOCTYPE' : 'a declaration');
}

function readText(reader: StrictReader): Token {
  const { text, start } = reader;
  const next = text.indexOf('<', start);
  // What follows might belong to it.
  if (next < 0 && !reader.isWhole) return cut(reader);
  reader.end = next < 0 ? text.length : next;
  if (text.slice(start, reader.end).includes(']]>')) return wrong(reader, 'an end of CDATA in a text');
  return 'text';
}

function readComment(reader: StrictReader): Token {
  const dashes = reader.text.indexOf('--', reader.start + 4);
  if (dashes < 0 || dashes + 2 >= reader.text.length) return cut(reader);
  if (reader.text.charCodeAt(dashes + 2) !== 62) return wrong(reader, 'a comment with two dashes');
  reader.end = dashes + 3;
  return 'aside';
}

function readUntil(reader: StrictReader, closer: string, opener: number, token: Token): Token {
  const at = reader.text.indexOf(closer, reader.start + opener);
  if (at < 0) return cut(reader);
  reader.end = at + closer.length;
  return token;
}

function readCloseTag(reader: StrictReader): Token {
  const { text, start } = reader;
  const close = text.indexOf('>', start);
  if (close < 0) return cut(reader);
  reader.end = close + 1;
  reader.name = text.slice(start + 2, close).replace(/[ \t\r\n]+$/, '');
  return 'close';
}

function readOpenTag(reader: StrictReader): Token {
  const { text, start, attributes } = reader;
  attributes.length = 0;
  let at = matchEnd(NAME, text, start + 1);
  if (at > text.length - 1) return cut(reader);
  if (at === start + 1 || at - start > NAME_LENGTH_MAX) return wrong(reader, 'a tag without a proper name');
  reader.name = text.slice(start + 1, at);
  for (;;) {
    const space = at;
    at = matchEnd(SPACE, text, at);
    const code = text.charCodeAt(at);
    if (code === 62 || (code === 47 && text.charCodeAt(at + 1) === 62)) {
      reader.isEmpty = code === 47;
      reader.end = at + (code === 47 ? 2 : 1);
      return 'open';
    }
    if (at >= text.length - 1) return cut(reader);
    if (at === space || attributes.length === ATTRIBUTES_MAX) return wrong(reader, 'a tag that cannot be read');
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (match === null) return reader.isWhole || hasMarkupAfter(text, at) ? wrong(reader, 'an attribute') : cut(reader);
    const from = ATTRIBUTE.lastIndex;
    const to = text.indexOf(match[2] ?? '"', from);
    if (to < 0) return cut(reader);
    const problem = addAttribute(reader, match[1] ?? '', from, to);
    if (problem !== null) return wrong(reader, problem);
    at = to + 1;
  }
}

function addAttribute({ text, attributes }: StrictReader, name: string, from: number, to: number): string | null {
  const raw = text.slice(from, to);
  const value = raw.includes('<') ? null : expandStrictly(raw.replace(/[\t\r\n]/g, ' '));
  if (value === null) return 'an attribute value';
  for (const attribute of attributes) if (attribute.name === name) return 'an attribute said twice';
  attributes.push({ name, value, from: from - 1, to: to + 1 });
  return null;
}

function matchEnd(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

/** Whether more than an unfinished name and equals sign stands there: then it is not the cut that made it unreadable. */
const hasMarkupAfter = (text: string, at: number): boolean => {
  const rest = text.slice(at, at + NAME_LENGTH_MAX + 64);
  return rest.length === NAME_LENGTH_MAX + 64 || /[<>"'&]/.test(rest);
};

/** Where the whole text is there, nothing may be unfinished. */
const cut = (reader: StrictReader): Token => (reader.isWhole ? wrong(reader, 'it ends within a markup') : 'cut');

function wrong(reader: StrictReader, reason: string): Token {
  reader.reason = reason;
  return 'wrong';
}
