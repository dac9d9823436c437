/**
 * Walks the markup of a text that arrives in pieces of any length. Each character is passed once and none is asked for
 * again, so the work is linear in the text however it is cut, and what was met can never be met otherwise because of what
 * follows. Builds no tree. What is not well-formed is walked somehow, the same for every cut.
 */
export interface MarkupReader {
  piece: string;
  at: number;
  /** Characters in the pieces before this one. */
  before: number;
  state: number;
  /** The beginning of what this piece goes on with: a name, a value, or half an end mark. */
  carry: string;
  quote: string;
  /** Whether names and attributes matter here; else tags are only told apart. */
  isLooking: boolean;
  /** Whether character data matters here. */
  wantsText: boolean;
  /** The element's name, after `open`. */
  name: string;
  /** `<a/>`, after `open`. */
  isEmpty: boolean;
  isTaken: boolean;
  /** Only names that begin with `xml` are told. */
  attribute: string;
  /** Raw: of the attribute, or a piece of the text. */
  value: string;
  /** Where the text began, in characters from the very beginning. */
  valueAt: number;
}

/** `attribute`: of the tag whose `open` follows. `more`: the piece is used up. `cdata` and `text` may come in pieces. */
export type Met = 'open' | 'close' | 'attribute' | 'text' | 'cdata' | 'doctype' | 'more';

const TEXT = 0;
const LESS = 1;
const NAME = 2;
const IN_TAG = 3;
const ATTRIBUTE = 4;
const AFTER_ATTRIBUTE = 5;
const BEFORE_VALUE = 6;
const VALUE = 7;
const PASSING_TAG = 8;
const PASSING_VALUE = 9;
const CLOSE = 10;
const DECLARATION = 11;
const COMMENT = 12;
const CDATA = 13;
const INSTRUCTION = 14;
const DOCTYPE = 15;

const EXCLAMATION = 33;
const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const SMALL_X = 120;

export const createMarkupReader = (): MarkupReader => ({
  piece: '',
  at: 0,
  before: 0,
  state: TEXT,
  carry: '',
  quote: '"',
  isLooking: true,
  wantsText: true,
  name: '',
  isEmpty: false,
  isTaken: false,
  attribute: '',
  value: '',
  valueAt: 0,
});

/** The next piece. The one before must be used up. */
export function feedMarkup(reader: MarkupReader, piece: string): void {
  reader.before += reader.piece.length;
  reader.piece = piece;
  reader.at = 0;
}

export function nextMet(reader: MarkupReader): Met {
  const { piece } = reader;
  while (reader.at < piece.length) {
    const met = step(reader, piece);
    if (met !== null) return met;
  }
  return 'more';
}

function step(reader: MarkupReader, piece: string): Met | null {
  switch (reader.state) {
    case TEXT:
      return passText(reader, piece);
    case LESS:
      return beginMarkup(reader, piece);
    case NAME:
      return passName(reader, piece);
    case IN_TAG:
      return passTag(reader, piece);
    case ATTRIBUTE:
      return passAttribute(reader, piece);
    case AFTER_ATTRIBUTE:
    case BEFORE_VALUE:
      return passEquals(reader, piece);
    case VALUE:
    case PASSING_VALUE:
      return passValue(reader, piece);
    case PASSING_TAG:
      return passUnread(reader, piece);
    case CLOSE:
      return passClose(reader, piece);
    case DECLARATION:
      return tellDeclaration(reader, piece);
    case COMMENT:
      return passUntil(reader, piece, '-->');
    case CDATA:
      return passUntil(reader, piece, ']]>');
    case INSTRUCTION:
      return passUntil(reader, piece, '?>');
    default:
      reader.at = piece.length;
      return 'doctype';
  }
}

function passText(reader: MarkupReader, piece: string): Met | null {
  const from = reader.at;
  const start = piece.indexOf('<', from);
  const end = start < 0 ? piece.length : start;
  reader.at = start < 0 ? end : start + 1;
  if (start >= 0) reader.state = LESS;
  if (!reader.wantsText || end === from) return null;
  reader.value = piece.slice(from, end);
  reader.valueAt = reader.before + from;
  return 'text';
}

function beginMarkup(reader: MarkupReader, piece: string): null {
  reader.carry = '';
  const first = piece.charCodeAt(reader.at);
  if (first === SLASH) become(reader, CLOSE);
  else if (first === EXCLAMATION) become(reader, DECLARATION);
  else if (first === QUESTION) become(reader, INSTRUCTION);
  else {
    reader.isEmpty = false;
    reader.state = reader.isLooking ? NAME : PASSING_TAG;
  }
  return null;
}

function become(reader: MarkupReader, state: number): null {
  reader.at++;
  reader.state = state;
  return null;
}

/** A name ends at white space, '/' or '>'; that of an attribute also at '='. */
function endOfName(piece: string, from: number, end: number): number {
  let at = from;
  for (; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code <= 32 || code === SLASH || code === GREATER || code === end) break;
  }
  return at;
}

function passName(reader: MarkupReader, piece: string): null {
  const end = endOfName(piece, reader.at, GREATER);
  const part = piece.slice(reader.at, end);
  reader.at = end;
  if (end === piece.length) reader.carry += part;
  else {
    reader.name = reader.carry === '' ? part : reader.carry + part;
    reader.state = IN_TAG;
  }
  return null;
}

function passTag(reader: MarkupReader, piece: string): Met | null {
  for (let { at } = reader; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code === GREATER) {
      reader.at = at + 1;
      reader.state = TEXT;
      return 'open';
    }
    reader.isEmpty = code === SLASH;
    if (code <= 32 || code === SLASH) continue;
    reader.at = at;
    reader.state = ATTRIBUTE;
    reader.carry = '';
    reader.isTaken = code === SMALL_X;
    return null;
  }
  reader.at = piece.length;
  return null;
}

function passAttribute(reader: MarkupReader, piece: string): null {
  // The first character belongs to it whatever it is ('=' as well): nothing may stand still.
  const isFirst = reader.carry === '';
  const end = endOfName(piece, isFirst ? reader.at + 1 : reader.at, EQUALS);
  if (reader.isTaken || isFirst) reader.carry += piece.slice(reader.at, end);
  reader.at = end;
  if (end === piece.length) return null;
  reader.attribute = reader.carry;
  reader.isTaken = reader.isTaken && reader.attribute.startsWith('xml');
  reader.carry = '';
  reader.state = AFTER_ATTRIBUTE;
  return null;
}

/** White space, '=', white space; without '=' or quote it is no attribute, and the tag goes on. */
function passEquals(reader: MarkupReader, piece: string): null {
  const code = piece.charCodeAt(reader.at);
  if (code <= 32) reader.at++;
  else if (reader.state === AFTER_ATTRIBUTE && code === EQUALS) become(reader, BEFORE_VALUE);
  else if (reader.state === BEFORE_VALUE && (code === QUOTE || code === APOSTROPHE)) {
    reader.quote = code === QUOTE ? '"' : "'";
    become(reader, VALUE);
  } else reader.state = IN_TAG;
  return null;
}

function passValue(reader: MarkupReader, piece: string): Met | null {
  const from = reader.at;
  const close = piece.indexOf(reader.quote, from);
  const end = close < 0 ? piece.length : close;
  reader.at = close < 0 ? end : close + 1;
  const isRead = reader.state === VALUE;
  const isTaken = isRead && reader.isTaken;
  if (close < 0) {
    if (isTaken) reader.carry += piece.slice(from, end);
    return null;
  }
  reader.state = isRead ? IN_TAG : PASSING_TAG;
  if (!isTaken) return null;
  const part = piece.slice(from, end);
  reader.value = reader.carry === '' ? part : reader.carry + part;
  return 'attribute';
}

/** A tag of which only the end matters: a '>' in a quoted value is not it. */
function passUnread(reader: MarkupReader, piece: string): Met | null {
  for (let { at } = reader; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code === GREATER) {
      if (at > reader.at) reader.isEmpty = piece.charCodeAt(at - 1) === SLASH;
      reader.at = at + 1;
      reader.state = TEXT;
      return 'open';
    }
    if (code !== QUOTE && code !== APOSTROPHE) continue;
    reader.quote = code === QUOTE ? '"' : "'";
    reader.at = at + 1;
    reader.state = PASSING_VALUE;
    reader.isEmpty = false;
    return null;
  }
  reader.isEmpty = piece.charCodeAt(piece.length - 1) === SLASH;
  reader.at = piece.length;
  return null;
}

function passClose(reader: MarkupReader, piece: string): Met | null {
  const close = piece.indexOf('>', reader.at);
  reader.at = close < 0 ? piece.length : close + 1;
  if (close < 0) return null;
  reader.state = TEXT;
  return 'close';
}

/** Which of the three a `<!` begins: a comment, CDATA, or (neither) a DOCTYPE. */
function tellDeclaration(reader: MarkupReader, piece: string): null {
  const mark = reader.carry + piece.charAt(reader.at++);
  reader.carry = '';
  if (mark === '--') reader.state = COMMENT;
  else if (mark === '[CDATA[') reader.state = CDATA;
  else if ('--'.startsWith(mark) || '[CDATA['.startsWith(mark)) reader.carry = mark;
  else {
    // At this character again, to be told.
    reader.at--;
    reader.state = DOCTYPE;
  }
  return null;
}

/** Through the end mark, of which half may have stood in the piece before. */
function passUntil(reader: MarkupReader, piece: string, mark: string): Met | null {
  const { carry } = reader;
  const rest = carry === '' && reader.at === 0 ? piece : carry + piece.slice(reader.at);
  const found = rest.indexOf(mark);
  const kept = Math.min(mark.length - 1, rest.length);
  const end = found < 0 ? rest.length - kept : found;
  if (found < 0) {
    reader.carry = rest.slice(end);
    reader.at = piece.length;
  } else {
    reader.carry = '';
    reader.at += found + mark.length - carry.length;
  }
  const isText = reader.state === CDATA && reader.wantsText;
  if (found >= 0) reader.state = TEXT;
  if (!isText || end === 0) return null;
  reader.value = rest.slice(0, end);
  reader.valueAt = reader.before + reader.at;
  return 'cdata';
}
