import { isAscii, isUtf8 } from 'node:buffer';
import { createTagChecker } from './check-start-tag.ts';
import { decodeAll } from './decode-text.ts';
import { createCursor, type MarkupCursor, nextMarkup } from './markup.ts';
import type { MessageText } from './read-message.ts';
import { hasOnlyAscii, hasOnlyCharacters, hasOnlyKnownReferences, isBlank, isPlainName } from './xml-names.ts';

export type WellFormedness = 'wellFormed' | 'malformed' | 'unknown';

/** Bytes that are no UTF-8 are no XML either. A message whose end was never seen is judged by what there is of it. */
export function checkWellFormed(message: MessageText, isComplete: boolean): WellFormedness {
  const { bytes, encoding, isWhole } = message;
  if (isWhole && isComplete && encoding === 'utf8' && !isUtf8(bytes)) return 'malformed';
  // ASCII reads the same as it stands there byte by byte.
  const isDecoded = (encoding === 'utf8' || encoding === 'latin1') && isAscii(bytes);
  return checkMarkup(isDecoded ? message.text : decodeAll(bytes, encoding), isWhole && isComplete);
}

/**
 * Whether a parser that knows namespaces would take the text as XML: tags in balance, attributes quoted and said once,
 * references and prefixes known, nothing around the root. `unknown`: nothing wrong in what is held, but it is not all. A
 * DOCTYPE is not well-formed SOAP.
 */
export function checkMarkup(marked: string, isWhole: boolean): WellFormedness {
  const text = marked.charCodeAt(0) === 0xfeff ? marked.slice(1) : marked;
  const cursor = createCursor(text);
  // Of nearly all messages this is true, and nothing but their tags is left to look at.
  const isPlain = isPlainText(text);
  const tags = createTagChecker(isPlain);
  const open: string[] = [];
  let hasRoot = false;
  for (;;) {
    const markup = nextMarkup(cursor);
    const isEnd = markup === 'none' || markup === 'cut';
    const between =
      isPlain && open.length > 0 ? '' : text.slice(cursor.textStart, markup === 'none' ? text.length : cursor.start);
    if (open.length === 0 ? !isBlank(between) : !isPlain && !isText(between, isEnd && !isWhole)) return 'malformed';
    if (isEnd) {
      if (!isWhole) return 'unknown';
      return markup === 'none' && hasRoot && open.length === 0 ? 'wellFormed' : 'malformed';
    }
    if (markup === 'doctype') return 'malformed';
    if (markup === 'aside' && !isAside(cursor)) return 'malformed';
    if (markup === 'cdata' && (open.length === 0 || !hasOnlyCharacters(text.slice(cursor.start, cursor.end)))) {
      return 'malformed';
    }
    if (markup === 'close') {
      const name = text.slice(cursor.nameStart, cursor.nameEnd);
      if (open.pop() !== name) return 'malformed';
      if (cursor.nameEnd < cursor.end - 1 && !isBlank(text.slice(cursor.nameEnd, cursor.end - 1))) return 'malformed';
    }
    if (markup !== 'open') continue;
    if (open.length === 0 && hasRoot) return 'malformed';
    const { nameStart, nameEnd, isEmpty, end } = cursor;
    const name = text.slice(nameStart, nameEnd);
    if (!tags.isGood(name, text.slice(nameEnd, isEmpty ? end - 2 : end - 1), open.length)) return 'malformed';
    hasRoot = true;
    if (!isEmpty) open.push(name);
  }
}

/** ASCII without a control character, a reference or a ']]>': any part of it is good character data. */
const isPlainText = (text: string): boolean => hasOnlyAscii(text) && !text.includes('&') && !text.includes(']]>');

/** Character data: no unknown reference, no ']]>', no control character. Cut off, its end may be half of something. */
function isText(text: string, isCut: boolean): boolean {
  if (text.includes(']]>')) return false;
  if (!isCut) return hasOnlyCharacters(text) && hasOnlyKnownReferences(text);
  const last = text.lastIndexOf('&');
  const isHalf = last >= 0 && text.length - last < REFERENCE_CHARS_MAX && !text.includes(';', last);
  const sure = (isHalf ? text.slice(0, last) : text).replace(/[\ud800-\udbff]$/, '');
  return hasOnlyCharacters(sure) && hasOnlyKnownReferences(sure);
}

/** `&#x10ffff;` */
const REFERENCE_CHARS_MAX = 10;

const XML_DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$/;

/** A comment without '--' inside; a processing instruction with a name, `xml` only as the declaration at the beginning. */
function isAside({ text, start, end }: MarkupCursor): boolean {
  const aside = text.slice(start, end);
  if (!hasOnlyCharacters(aside)) return false;
  if (aside.startsWith('<!--')) return aside.indexOf('--', 4) === aside.length - 3;
  const gap = aside.search(/[ \t\r\n]|\?>$/);
  const target = aside.slice(2, gap);
  if (target.toLowerCase() === 'xml') return start === 0 && XML_DECLARATION.test(aside);
  return isPlainName(target);
}
