import type { Random } from './random.ts';

const NAMED: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export const escapeAll = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => NAMED[character] ?? character);

/** A text as it may stand in an element: escaped, by references, in CDATA, in pieces with comments between them. */
export function disguiseText(random: Random, text: string): string {
  const way = random.below(10);
  if (way < 3) return escapeAll(text);
  if (way < 5) return cdata(text);
  if (way < 6) return byReferences(random, text, 1);
  if (way < 7) return byReferences(random, text, 0.3);
  const pieces = [...text];
  let disguised = '';
  let piece = '';
  for (const [index, character] of pieces.entries()) {
    piece += character;
    if (index < pieces.length - 1 && !random.chance(0.25)) continue;
    disguised += random.pick([escapeAll, cdata, (text: string) => byReferences(random, text, 0.5)])(piece);
    if (random.chance(0.3)) disguised += random.pick(['<!---->', '<!-- & <x> -->', '<?p i?>', '<![CDATA[]]>']);
    piece = '';
  }
  return disguised;
}

/** An attribute's value with its quotes. */
export function disguiseAttribute(random: Random, value: string): string {
  const quote = random.pick(['"', '"', "'"]);
  return quote + (random.chance(0.6) ? escapeAll(value) : byReferences(random, value, 0.4)) + quote;
}

export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

function byReferences(random: Random, text: string, share: number): string {
  let written = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!random.chance(share)) written += escapeAll(character);
    else if (random.chance(0.5)) written += `&#${'0'.repeat(random.below(4))}${code};`;
    else {
      const hex = code.toString(16);
      written += `&#x${random.chance(0.5) ? hex.toUpperCase() : `00${hex}`};`;
    }
  }
  return written;
}
