import { type Attachments, REPORT_LIMITS } from '@soa-monitor/protocol';
import { type ContentType, isEnvelopeType, isMultipart, parseContentType } from './content-type.ts';
import { bareId, headerOf } from './part-headers.ts';

/**
 * Counts the parts of a multipart body as its chunks pass: their types and sizes, never their content. Keeps the bytes in
 * which a delimiter may have begun and the headers of one part, whatever the body's length; the work is linear in it
 * however it is cut.
 */
export interface PartCounter {
  state: 'preamble' | 'head' | 'content' | 'end';
  /** With the line feed before it; null until the body has shown it. */
  delimiter: Buffer | null;
  /** Bytes in the chunks before this one. */
  seen: number;
  /** The last bytes of the content so far, where a delimiter may have begun in them, and the byte before them. */
  carry: Uint8Array;
  lastByte: number;
  /** What was read of a line: of the preamble, of the headers, or behind a delimiter. */
  line: string;
  isBehindDelimiter: boolean;
  head: string;
  /** Where the content of the part began. */
  from: number;
  /** Parts whose content began. */
  count: number;
  /** The first of them. */
  readonly parts: CountedPart[];
}

interface CountedPart {
  readonly mediaType: string;
  readonly id: string;
  bytes: number;
}

/** The first delimiter stands within so many bytes, or there are no parts. */
const PREAMBLE_BYTES_MAX = 4_096;
/** Of a longer line, and of longer headers, the rest is not kept. */
const HEAD_CHARS_MAX = 4_096;
/** RFC 2046 allows 70. */
const BOUNDARY_CHARS_MAX = 200;
/** More parts are not counted: each costs more than its bytes. */
const PARTS_MAX = 10_000;
/** Those that a report names, and the root. */
const KEPT_MAX = REPORT_LIMITS.attachments + 1;

const LINE_FEED = 10;
const RETURN = 13;
const DASH = 45;
const NOTHING = new Uint8Array(0);

export const createPartCounter = (): PartCounter => ({
  state: 'preamble',
  delimiter: null,
  seen: 0,
  carry: NOTHING,
  lastByte: 0,
  line: '',
  isBehindDelimiter: false,
  head: '',
  from: 0,
  count: 0,
  parts: [],
});

/**
 * Whether a body that begins so may have several parts. Asked of every body, since a reply's headers may not be known yet when
 * its first bytes pass: not what begins as XML ('<', a mark, UTF-16) or gzip does.
 */
export const mayHaveParts = (firstByte: number): boolean =>
  firstByte !== 0x3c && firstByte !== 0x1f && firstByte !== 0 && firstByte < 0xef;

export function feedParts(counter: PartCounter, bytes: Uint8Array): void {
  const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < chunk.length && counter.state !== 'end'; ) {
    at = counter.state === 'content' ? passContent(counter, chunk, at) : passLine(counter, chunk, at);
  }
  counter.seen += bytes.byteLength;
  if (counter.state === 'preamble' && counter.seen > PREAMBLE_BYTES_MAX) counter.state = 'end';
}

/** The parts beside the root; null where there are none, or the body was not cut by this type's boundary. */
export function attachmentsOf(counter: PartCounter, type: ContentType): Attachments | null {
  const { delimiter, parts, count } = counter;
  if (delimiter === null || !isMultipart(type) || delimiter.toString('latin1', 3) !== type.boundary) return null;
  const root = rootIndex(parts, type);
  // A root that is not among those kept is among the others.
  const others = root >= 0 || count > parts.length ? count - 1 : count;
  if (others <= 0) return null;
  if (counter.state === 'content') endPart(counter, counter.seen);
  const named = parts.filter((_, index) => index !== root).slice(0, REPORT_LIMITS.attachments);
  return {
    count: others,
    parts: named.map(({ mediaType, bytes }) => ({ mediaType: (mediaType || 'text/plain').slice(0, 128), bytes })),
  };
}

function rootIndex(parts: readonly CountedPart[], { start, type }: ContentType): number {
  if (start !== null) return parts.findIndex(({ id }) => id === bareId(start));
  const likely = parts.findIndex(
    ({ mediaType }) => mediaType === '' || mediaType === type || isEnvelopeType(mediaType),
  );
  return Math.max(likely, 0);
}

function passLine(counter: PartCounter, chunk: Buffer, at: number): number {
  const lineFeed = chunk.indexOf(LINE_FEED, at);
  const end = lineFeed < 0 ? chunk.length : lineFeed + 1;
  const room = HEAD_CHARS_MAX - counter.line.length;
  if (room > 0) counter.line += chunk.toString('latin1', at, Math.min(end, at + room));
  if (lineFeed >= 0) endLine(counter, counter.seen + end);
  return end;
}

function endLine(counter: PartCounter, end: number): void {
  const { line } = counter;
  counter.line = '';
  if (counter.state === 'preamble') {
    const delimiter = line.trimEnd();
    if (!delimiter.startsWith('--') || delimiter.length < 3 || delimiter.length > BOUNDARY_CHARS_MAX) return;
    counter.delimiter = Buffer.from(`\n${delimiter}`, 'latin1');
    counter.state = 'head';
  } else if (counter.isBehindDelimiter) counter.isBehindDelimiter = false;
  else if (line.trim() === '') beginPart(counter, end);
  else if (counter.head.length < HEAD_CHARS_MAX) counter.head += line;
}

function beginPart(counter: PartCounter, from: number): void {
  const { head, parts } = counter;
  counter.state = counter.count < PARTS_MAX ? 'content' : 'end';
  counter.head = '';
  counter.from = from;
  // The line feed of the blank line: a delimiter may follow at once.
  counter.carry = Uint8Array.of(LINE_FEED);
  counter.lastByte = 0;
  if (counter.state === 'end') return;
  counter.count++;
  if (parts.length >= KEPT_MAX) return;
  const { mediaType } = parseContentType(headerOf(head, 'content-type') ?? '');
  parts.push({ mediaType, id: bareId(headerOf(head, 'content-id') ?? ''), bytes: 0 });
}

function endPart({ count, parts, from }: PartCounter, end: number): void {
  const part = count > parts.length ? undefined : parts[count - 1];
  if (part !== undefined) part.bytes = Math.max(0, end - from);
}

/** Content up to its delimiter, which may have begun in the chunk before. Gives where to read on. */
function passContent(counter: PartCounter, chunk: Buffer, from: number): number {
  const { carry, delimiter } = counter;
  if (delimiter === null) return chunk.length;
  if (carry.byteLength > 0) {
    // Only what is near the seam is copied.
    const seam = Buffer.concat([carry, chunk.subarray(from, from + delimiter.length + 2)]);
    const told = tell(seam, 0, delimiter);
    if (told === 'cut') {
      counter.carry = seam;
      return chunk.length;
    }
    const base = counter.seen + from - carry.byteLength;
    const next = from + delimiter.length - carry.byteLength;
    if (told === 'last' || told === 'next') return leaveContent(counter, told, base, next);
    counter.carry = NOTHING;
    counter.lastByte = carry[carry.byteLength - 1] ?? 0;
  }
  for (let at = chunk.indexOf(delimiter, from); at >= 0; at = chunk.indexOf(delimiter, at + 1)) {
    const told = tell(chunk, at, delimiter);
    if (told !== 'last' && told !== 'next') continue;
    if (at > from) counter.lastByte = chunk[at - 1] ?? 0;
    return leaveContent(counter, told, counter.seen + at, at + delimiter.length);
  }
  // A delimiter has one line feed, its first byte.
  const at = chunk.lastIndexOf(LINE_FEED);
  const mayBegin = at >= from && tell(chunk, at, delimiter) === 'cut';
  counter.carry = mayBegin ? Uint8Array.from(chunk.subarray(at)) : NOTHING;
  if (!mayBegin || at > from) counter.lastByte = chunk[mayBegin ? at - 1 : chunk.length - 1] ?? 0;
  return chunk.length;
}

/** Whether a delimiter stands there: before another part, or the last one. `cut`: it may, as far as the bytes go. */
function tell(bytes: Buffer, at: number, delimiter: Buffer): 'next' | 'last' | 'no' | 'cut' {
  const length = Math.min(delimiter.length, bytes.length - at);
  if (bytes.compare(delimiter, 0, length, at, at + length) !== 0) return 'no';
  const first = bytes[at + delimiter.length];
  const second = bytes[at + delimiter.length + 1];
  if (first === undefined || (first === DASH && second === undefined)) return 'cut';
  if (first === DASH) return second === DASH ? 'last' : 'no';
  return first === RETURN || first === LINE_FEED || first === 32 || first === 9 ? 'next' : 'no';
}

function leaveContent(counter: PartCounter, told: 'next' | 'last', at: number, next: number): number {
  endPart(counter, counter.lastByte === RETURN ? at - 1 : at);
  counter.state = told === 'last' ? 'end' : 'head';
  counter.isBehindDelimiter = true;
  return next;
}
