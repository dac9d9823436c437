import { hasOnlyAscii } from './xml-names.ts';

/** Shapes of messages that were found to be well-formed: all that is markup in them, the latest used first. */
export interface KnownShapes {
  readonly known: (readonly string[])[];
}

/** For one target. */
const SHAPES_MAX = 8;
const TEXT_CHARS_MAX = 4_096;
const GAPS_MAX = 64;

export const createKnownShapes = (): KnownShapes => ({ known: [] });

/**
 * Whether the text has the markup of a message that was well-formed, character for character, and differs from it only in what
 * stands between a tag and the next: what is plain there is character data, whatever it says.
 */
export function hasKnownShape({ known }: KnownShapes, text: string): boolean {
  if (known.length === 0 || !mayHaveShape(text)) return false;
  for (let index = 0; index < known.length; index++) {
    const literals = known[index];
    if (literals === undefined || !isOf(literals, text)) continue;
    if (index > 0) {
      known.splice(index, 1);
      known.unshift(literals);
    }
    return true;
  }
  return false;
}

/** Of a text that is well-formed. */
export function learnShape({ known }: KnownShapes, text: string): void {
  if (!mayHaveShape(text) || !isOnlyTags(text)) return;
  const literals = literalsOf(text);
  if (literals.length > GAPS_MAX) return;
  known.unshift(literals);
  if (known.length > SHAPES_MAX) known.pop();
}

/** ASCII without control characters, references and ']]>': any part of it that holds no '<' is good character data. */
const mayHaveShape = (text: string): boolean =>
  text.length <= TEXT_CHARS_MAX && hasOnlyAscii(text) && !text.includes('&') && !text.includes(']]>');

/** As many '>' as '<', and no comment, CDATA or instruction but the declaration: then each '>' ends a tag, and no text has one. */
function isOnlyTags(text: string): boolean {
  if (text.includes('<!') || text.lastIndexOf('<?') > 0) return false;
  let less = 0;
  let greater = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 60) less++;
    else if (code === 62) greater++;
  }
  return less === greater;
}

/** What stands between the texts; a text is what stands between a '>' and a '<' and is more than white space. */
function literalsOf(text: string): readonly string[] {
  const literals: string[] = [];
  let from = 0;
  for (let at = text.indexOf('>'); at >= 0; at = text.indexOf('>', at + 1)) {
    const next = text.indexOf('<', at);
    if (next < 0) break;
    if (text.slice(at + 1, next).trim() === '') continue;
    literals.push(text.slice(from, at + 1));
    from = next;
  }
  literals.push(text.slice(from));
  return literals;
}

function isOf(literals: readonly string[], text: string): boolean {
  let at = 0;
  for (let index = 0; index < literals.length; index++) {
    const literal = literals[index] ?? '';
    if (text.slice(at, at + literal.length) !== literal) return false;
    at += literal.length;
    if (index === literals.length - 1) return at === text.length;
    at = text.indexOf('<', at);
    if (at < 0) return false;
  }
  return false;
}
