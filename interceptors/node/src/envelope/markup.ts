/**
 * Walks the markup of a text that may be cut off anywhere. Reads no attribute and builds no tree; each step costs what it
 * passes over, so the whole walk is linear.
 */
export interface MarkupCursor {
  readonly text: string;
  /** Where the text before the markup begins. */
  textStart: number;
  /** The '<'. */
  start: number;
  nameStart: number;
  nameEnd: number;
  /** After the '>'. */
  end: number;
  /** `<a/>` */
  isEmpty: boolean;
}

/** `cut`: the text ends inside a markup. `none`: no markup is left. `aside`: a comment or processing instruction. */
export type Markup = 'open' | 'close' | 'cdata' | 'aside' | 'doctype' | 'cut' | 'none';

export const createCursor = (text: string): MarkupCursor => ({
  text,
  textStart: 0,
  start: 0,
  nameStart: 0,
  nameEnd: 0,
  end: 0,
  isEmpty: false,
});

const SLASH = 47;
const GREATER = 62;
const QUOTE = 34;
const APOSTROPHE = 39;

export function nextMarkup(cursor: MarkupCursor): Markup {
  const { text } = cursor;
  cursor.textStart = cursor.end;
  const start = text.indexOf('<', cursor.end);
  if (start < 0) return 'none';
  cursor.start = start;
  const first = text.charCodeAt(start + 1);
  if (first === 33) return declaration(cursor);
  if (first === 63) return closeWith(cursor, '?>', start + 2, 'aside');
  const isClose = first === SLASH;
  cursor.nameStart = isClose ? start + 2 : start + 1;
  const greater = isClose ? text.indexOf('>', cursor.nameStart) : tagEnd(text, cursor.nameStart);
  if (greater < 0) return 'cut';
  cursor.isEmpty = !isClose && text.charCodeAt(greater - 1) === SLASH;
  cursor.nameEnd = nameEnd(text, cursor.nameStart, cursor.isEmpty ? greater - 1 : greater);
  cursor.end = greater + 1;
  return isClose ? 'close' : 'open';
}

function declaration(cursor: MarkupCursor): Markup {
  const { text, start } = cursor;
  if (text.startsWith('<!--', start)) return closeWith(cursor, '-->', start + 4, 'aside');
  if (text.startsWith('<![CDATA[', start)) return closeWith(cursor, ']]>', start + 9, 'cdata');
  // Cut before it can be told which of the three it is.
  return text.length < start + 9 ? 'cut' : 'doctype';
}

function closeWith(cursor: MarkupCursor, closer: string, from: number, markup: Markup): Markup {
  const at = cursor.text.indexOf(closer, from);
  if (at < 0) return 'cut';
  cursor.end = at + closer.length;
  return markup;
}

/** The '>' of a start tag: one in a quoted attribute value does not end it. */
function tagEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === GREATER) return i;
    if (code === QUOTE || code === APOSTROPHE) {
      i = text.indexOf(code === QUOTE ? '"' : "'", i + 1);
      if (i < 0) return -1;
    }
  }
  return -1;
}

function nameEnd(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && text.charCodeAt(at) > 32) at++;
  return at;
}
