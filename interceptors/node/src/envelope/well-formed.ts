import { isUtf8 } from 'node:buffer';
import { createCursor, type MarkupCursor, nextMarkup } from './markup.ts';
import type { MessageText } from './read-message.ts';

export type WellFormedness = 'wellFormed' | 'malformed' | 'unknown';

/** Bytes that are no UTF-8 are no XML either. A message whose end was never seen is judged by what there is of it. */
export function checkWellFormed(message: MessageText, isComplete: boolean): WellFormedness {
  const { bytes, encoding, isWhole, text } = message;
  if (isWhole && isComplete && encoding === 'utf8' && !isUtf8(bytes)) return 'malformed';
  return checkMarkup(text, isWhole && isComplete);
}

/**
 * Whether a parser would take the text as XML: tags in balance, attributes quoted and said once, references known, nothing
 * around the root. `unknown`: nothing wrong in what is held, but it is not all. A DOCTYPE is not well-formed SOAP.
 */
export function checkMarkup(text: string, isWhole: boolean): WellFormedness {
  const cursor = createCursor(text);
  const open: string[] = [];
  let hasRoot = false;
  for (;;) {
    const markup = nextMarkup(cursor);
    const isEnd = markup === 'none' || markup === 'cut';
    const textEnd = markup === 'none' ? text.length : cursor.start;
    const between = text.slice(cursor.textStart, textEnd);
    if (open.length === 0 ? !isBlank(between, cursor.textStart === 0) : !isText(between, isEnd && !isWhole)) {
      return 'malformed';
    }
    if (isEnd) {
      if (!isWhole) return 'unknown';
      return markup === 'none' && hasRoot && open.length === 0 ? 'wellFormed' : 'malformed';
    }
    if (markup === 'doctype') return 'malformed';
    if (markup === 'aside' && !isAside(cursor)) return 'malformed';
    if (markup === 'cdata' && open.length === 0) return 'malformed';
    if (markup === 'close') {
      const name = text.slice(cursor.nameStart, cursor.nameEnd);
      if (open.pop() !== name || text.slice(cursor.nameEnd, cursor.end - 1).trim() !== '') return 'malformed';
    }
    if (markup !== 'open') continue;
    if (open.length === 0 && hasRoot) return 'malformed';
    if (!isStartTag(cursor)) return 'malformed';
    hasRoot = true;
    if (!cursor.isEmpty) open.push(text.slice(cursor.nameStart, cursor.nameEnd));
  }
}

const isBlank = (text: string, isFirst: boolean): boolean =>
  (isFirst ? text.replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, '') : text).trim() === '';

/** Character data: no unknown reference, no ']]>', no control character. Cut off, its end may be half a reference. */
function isText(text: string, isCut: boolean): boolean {
  if (text.includes(']]>')) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return false;
  }
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    const semicolon = text.indexOf(';', at);
    if (semicolon < 0) return isCut && text.length - at < 12;
    if (!/^(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot|apos)$/.test(text.slice(at + 1, Math.min(semicolon, at + 12))))
      return false;
  }
  return true;
}

/** A comment without '--' inside; a processing instruction with a name, `xml` only at the very beginning. */
function isAside(cursor: MarkupCursor): boolean {
  const { text, start, end } = cursor;
  if (text.startsWith('<!--', start)) return text.indexOf('--', start + 4) === end - 3;
  const target = /^[^\s?>]+/.exec(text.slice(start + 2, start + 130))?.[0] ?? '';
  if (target === '') return false;
  return target.toLowerCase() !== 'xml' || text.slice(0, start).replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, '') === '';
}

function isStartTag(cursor: MarkupCursor): boolean {
  const { text, nameStart, nameEnd, end, isEmpty } = cursor;
  if (!/^[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*$/.test(text.slice(nameStart, nameEnd))) return false;
  const attributes = text.slice(nameEnd, isEmpty ? end - 2 : end - 1);
  if (attributes.trim() === '') return true;
  const one = /\s+([^\s=<>"'/&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  const seen = new Set<string>();
  let at = 0;
  for (let match = one.exec(attributes); match !== null; match = one.exec(attributes)) {
    const name = match[1] ?? '';
    if (seen.has(name) || !isText(match[2] ?? match[3] ?? '', false)) return false;
    seen.add(name);
    at = one.lastIndex;
  }
  return attributes.slice(at).trim() === '';
}
