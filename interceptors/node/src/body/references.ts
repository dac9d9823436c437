const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** What a text with references stands for. Null: one of them is unknown or not allowed, so nobody can say what it means. */
export function expandStrictly(text: string): string | null {
  let at = text.indexOf('&');
  if (at < 0) return text;
  let expanded = '';
  let from = 0;
  while (at >= 0) {
    const semicolon = text.indexOf(';', at);
    const character = semicolon < 0 ? null : characterOf(text.slice(at + 1, semicolon));
    if (character === null) return null;
    expanded += text.slice(from, at) + character;
    from = semicolon + 1;
    at = text.indexOf('&', from);
  }
  return expanded + text.slice(from);
}

function characterOf(reference: string): string | null {
  const numeric = /^#(?:0*(\d{1,7})|x0*([0-9a-fA-F]{1,6}))$/.exec(reference);
  if (numeric === null) return NAMED.get(reference) ?? null;
  const code = numeric[1] === undefined ? Number.parseInt(numeric[2] ?? '', 16) : Number(numeric[1]);
  return isCharacter(code) ? String.fromCodePoint(code) : null;
}

/** XML 1.0, production 2. */
const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);
