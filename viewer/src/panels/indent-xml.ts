/**
 * XML text on lines of its own, indented by depth, for reading. It works on text, never on a document: a body may be cut in
 * the middle of a tag, or be no XML at all, and then the rest stands as it came. Nothing but white space between tags is
 * changed. Linear in its length.
 */
export function indentXml(text: string): string {
  const lines: string[] = [];
  let depth = 0;
  let at = 0;
  /** The opening tag whose line is still open, and what stands in it so far: `<a>text</a>` stays on one line. */
  let open: string | null = null;
  const closeLine = (): void => {
    if (open !== null) lines.push(open);
    open = null;
  };
  const add = (piece: string, level: number): void => {
    closeLine();
    lines.push(`${INDENT.repeat(Math.min(Math.max(0, level), LEVELS_MAX))}${piece}`);
  };
  while (at < text.length) {
    const piece = pieceAt(text, at);
    at += piece.text.length;
    switch (piece.kind) {
      case 'text':
        if (piece.text.trim() === '') break;
        if (open !== null) open += piece.text;
        else add(piece.text.trim(), depth);
        break;
      case 'open':
        closeLine();
        open = `${INDENT.repeat(Math.min(depth, LEVELS_MAX))}${piece.text}`;
        depth++;
        break;
      case 'close':
        depth = Math.max(0, depth - 1);
        if (open !== null) {
          lines.push(open + piece.text);
          open = null;
        } else add(piece.text, depth);
        break;
      case 'other':
        add(piece.text, depth);
        break;
    }
  }
  closeLine();
  return lines.join('\n');
}

const INDENT = '  ';
/** Deeper than this it would be all white space. */
const LEVELS_MAX = 24;

interface Piece {
  /** `other`: an empty tag, a comment, a declaration, or what is left of a cut one. */
  readonly kind: 'text' | 'open' | 'close' | 'other';
  readonly text: string;
}

function pieceAt(text: string, at: number): Piece {
  if (text[at] !== '<') return { kind: 'text', text: text.slice(at, endOf(text, '<', at, 0)) };
  for (const [begin, end, kind] of DELIMITED)
    if (text.startsWith(begin, at))
      return { kind, text: text.slice(at, endOf(text, end, at + begin.length, end.length)) };
  const end = tagEnd(text, at);
  const tag = text.slice(at, end);
  if (!tag.endsWith('>')) return { kind: 'other', text: tag };
  return { kind: tag[1] === '/' ? 'close' : tag.endsWith('/>') ? 'other' : 'open', text: tag };
}

const DELIMITED = [
  ['<!--', '-->', 'other'],
  ['<![CDATA[', ']]>', 'text'],
  ['<?', '?>', 'other'],
  ['<!', '>', 'other'],
] as const;

/** Behind the next `>` that stands in no attribute value; the end of the text when there is none. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return text.length;
}

function endOf(text: string, wanted: string, from: number, length: number): number {
  const found = text.indexOf(wanted, from);
  return found < 0 ? text.length : found + length;
}
