const NAMED: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Expands the five named and the numeric references. Others stay as written: there is no DTD that could declare them. */
export function expandReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name)] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}

/** What an attribute's value says: white space is spaces, references are expanded. Decode it first, if it is to be shown. */
export function attributeText(raw: string): string {
  return /[&\t\n\r]/.test(raw) ? expandReferences(raw.replace(/\r\n|[\t\n\r]/g, ' ')) : raw;
}

/** What an element's text says: lines end in one way, references are expanded, white space around it is gone. Decode it first. */
export function elementText(raw: string): string {
  return trimSpace(expandReferences(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw));
}

/** The white space of XML alone: of a text not yet decoded, String.trim() would take halves of characters away. */
export function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12);
