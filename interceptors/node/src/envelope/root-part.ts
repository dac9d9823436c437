import { type ContentType, isEnvelopeType, parseContentType } from './content-type.ts';
import { bareId, headerOf } from './part-headers.ts';

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
 * The part whose Content-ID is the `start` parameter; without one the first that may be an envelope by its type, else the
 * first (RFC 2387): it need not come first. Null: not (yet) there, or in a transfer encoding that is not read.
 */
export function findRootPart(
  text: string,
  boundary: string,
  start: string | null,
  isWhole: boolean,
  rootType: string | null = null,
): RootPart | null {
  const delimiter = `--${boundary}`;
  const wanted = start === null ? null : bareId(start);
  let first: Part | null = null;
  let at = delimiterAt(text, delimiter, 0);
  for (let parts = 0; at >= 0 && parts < PARTS_MAX; parts++) {
    const part = partAfter(text, at + delimiter.length, delimiter, isWhole);
    if (part === null) break;
    if (wanted === null ? mayBeRoot(part, rootType) : bareId(headerOf(part.head, 'content-id') ?? '') === wanted) {
      return rootOf(part);
    }
    first ??= part;
    at = part.next;
  }
  return wanted === null && first !== null && (isWhole || (at >= 0 && isLast(text, at + delimiter.length)))
    ? rootOf(first)
    : null;
}

interface Part {
  readonly head: string;
  readonly from: number;
  readonly to: number;
  /** Of the delimiter behind it; -1 when that was not seen. */
  readonly next: number;
  readonly isWhole: boolean;
}

function partAfter(text: string, headersAt: number, delimiter: string, isWhole: boolean): Part | null {
  if (isLast(text, headersAt)) return null;
  const blank = /\r?\n\r?\n/g;
  blank.lastIndex = headersAt;
  const gap = blank.exec(text);
  if (gap === null) return null;
  const from = gap.index + gap[0].length;
  const next = delimiterAt(text, delimiter, from);
  const head = text.slice(headersAt, gap.index);
  if (next >= 0) return { head, from, to: Math.max(from, lineEndBefore(text, next)), next, isWhole: true };
  // What may be the beginning of a delimiter is not the part's yet.
  const to = isWhole ? text.length : Math.max(from, text.length - delimiter.length - 4);
  return { head, from, to, next, isWhole };
}

const isLast = (text: string, behindDelimiter: number): boolean => text.startsWith('--', behindDelimiter);

function mayBeRoot({ head }: Part, rootType: string | null): boolean {
  const own = headerOf(head, 'content-type');
  if (own === null) return true;
  const { mediaType } = parseContentType(own);
  return mediaType === rootType || isEnvelopeType(mediaType);
}

function rootOf({ head, from, to, isWhole }: Part): RootPart | null {
  if (/^(?:base64|quoted-printable)$/i.test(headerOf(head, 'content-transfer-encoding') ?? '')) return null;
  return { from, to, isWhole, contentType: parseContentType(headerOf(head, 'content-type') ?? '') };
}

/** The next delimiter that stands at the beginning of a line and is not the beginning of a longer one. */
function delimiterAt(text: string, delimiter: string, from: number): number {
  for (let at = text.indexOf(delimiter, from); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    const behind = text.charCodeAt(at + delimiter.length);
    const ends = behind === 13 || behind === 10 || behind === 32 || behind === 9;
    if ((ends || isLast(text, at + delimiter.length)) && (at === 0 || text.charCodeAt(at - 1) === 10)) return at;
  }
  return -1;
}

const lineEndBefore = (text: string, at: number): number => (text.charCodeAt(at - 2) === 13 ? at - 2 : at - 1);
