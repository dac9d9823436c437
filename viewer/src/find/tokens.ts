import { COMPARES, type Compare } from './expression.ts';

/** A piece of what was typed, with the columns it stands in: `[at, end)`. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly text: string }
  /** In quotes: never a keyword; spaces and brackets may stand in it. */
  | { readonly kind: 'quoted'; readonly text: string; readonly closed: boolean }
  | { readonly kind: 'compare'; readonly compare: Compare }
  | { readonly kind: '(' | ')' | ':' }
);

/** Never fails: whatever is no sign is part of a word. Linear. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (isSpace(character)) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const character = text[at] ?? '';
  if (character === '(' || character === ')' || character === ':') return { kind: character, at, end: at + 1 };
  const compare = COMPARES.find((each) => text.startsWith(each, at));
  if (compare !== undefined) return { kind: 'compare', compare, at, end: at + compare.length };
  if (character === '"') {
    const close = text.indexOf('"', at + 1);
    const end = close < 0 ? text.length : close + 1;
    return { kind: 'quoted', text: text.slice(at + 1, close < 0 ? end : close), closed: close >= 0, at, end };
  }
  let end = at + 1;
  while (end < text.length && !ENDS_WORD.test(text[end] ?? '')) end++;
  return { kind: 'word', text: text.slice(at, end), at, end };
}

const ENDS_WORD = /[\s():"<>=]/;
const isSpace = (character: string): boolean => /\s/.test(character);
