import { type ContentType, parseContentType } from './content-type.ts';

/** Where the root part of a multipart/related body stands in its text. */
export interface RootPart {
  readonly from: number;
  readonly to: number;
  /** The part's end was seen. */
  readonly isWhole: boolean;
  readonly contentType: ContentType;
}

/** More parts than this before the root are not looked through. */
const PARTS_MAX = 64;

/**
 * The part whose Content-ID is the `start` parameter, else the first (RFC 2387): it need not come first. Null: not (yet)
 * there, or in a transfer encoding that is not read.
 */
export function findRootPart(text: string, boundary: string, start: string | null, isWhole: boolean): RootPart | null {
  const delimiter = `--${boundary}`;
  const wanted = start === null ? null : bareId(start);
  let at = text.indexOf(delimiter);
  for (let parts = 0; at >= 0 && parts < PARTS_MAX; parts++) {
    const headers = at + delimiter.length;
    if (text.startsWith('--', headers)) return null;
    const blank = /\r?\n\r?\n/g;
    blank.lastIndex = headers;
    const gap = blank.exec(text);
    if (gap === null) return null;
    const head = text.slice(headers, gap.index);
    const from = gap.index + gap[0].length;
    const next = text.indexOf(`\n${delimiter}`, from - 1);
    if (wanted === null || bareId(headerOf(head, 'content-id') ?? '') === wanted) {
      if (/^(?:base64|quoted-printable)$/i.test(headerOf(head, 'content-transfer-encoding') ?? '')) return null;
      const contentType = parseContentType(headerOf(head, 'content-type') ?? '');
      return { from, to: next < 0 ? text.length : trimmedEnd(text, next), isWhole: next >= 0 || isWhole, contentType };
    }
    at = next < 0 ? -1 : next + 1;
  }
  return null;
}

const trimmedEnd = (text: string, end: number): number => (text.charCodeAt(end - 1) === 13 ? end - 1 : end);

const bareId = (id: string): string => id.trim().replace(/^<|>$/g, '');

/** MIME headers are few and short; their names are fixed here, so that the expression is safe. */
function headerOf(head: string, name: 'content-id' | 'content-type' | 'content-transfer-encoding'): string | null {
  for (const line of head.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return null;
}
