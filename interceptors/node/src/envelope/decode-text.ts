import { attempt } from '../tap/guarded.ts';

/**
 * How the bytes of a text stand for characters. `latin1` also serves the bytes of UTF-8 while only markup is read.
 * `charset:` names another one that extends ASCII, for TextDecoder.
 */
export type Encoding = 'utf8' | 'latin1' | 'utf16le' | 'utf16be' | `charset:${string}`;

/** The XML declaration stands within so many bytes, or it is not read. */
const DECLARATION_BYTES_MAX = 200;

/** Whether more bytes of the same text cannot change its encoding. */
export function isEncodingSure(bytes: Uint8Array): boolean {
  if (bytes.byteLength >= DECLARATION_BYTES_MAX) return true;
  return bytes.byteLength > 2 && (!beginsDeclaration(bytes) || bytes.includes(GREATER));
}

const GREATER = 0x3e;

/** '<?x' */
const beginsDeclaration = (bytes: Uint8Array): boolean => bytes[0] === 0x3c && bytes[1] === 0x3f && bytes[2] === 0x78;

/** What the bytes tell (byte order mark, or every second byte zero), else the charset of the header, else the declaration. */
export function encodingOf(bytes: Uint8Array, charset: string | null): Encoding {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if ((first === 0xff && second === 0xfe) || (second === 0 && isFirstOfXml(first))) return 'utf16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && isFirstOfXml(second))) return 'utf16be';
  if (first === 0xef && second === 0xbb) return 'utf8';
  const named = charset ?? declaredEncoding(bytes);
  if (named === null || /^(?:utf|ucs|unicode)/.test(named)) return 'utf8';
  return /^(?:iso[-_]?8859-1|latin-?1|us-ascii|ascii)$/.test(named) ? 'latin1' : `charset:${named}`;
}

/** '<' or white space. */
const isFirstOfXml = (code: number): boolean =>
  code === 0x3c || code === 0x20 || code === 9 || code === 10 || code === 13;

/** A text to scan: UTF-16 as characters, all else byte by byte, which keeps the markup of every encoding that extends ASCII. */
export function markupText(bytes: Uint8Array, encoding: Encoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'utf16le') return buffer.toString('utf16le');
  if (encoding === 'utf16be') return Buffer.from(evenPart(buffer)).swap16().toString('utf16le');
  return buffer.toString('latin1');
}

/** All of it as characters, from a prefix that may end inside of one. */
export function decodeAll(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding !== 'utf8' && encoding !== 'latin1' && !encoding.startsWith('charset:'))
    return markupText(bytes, encoding);
  const text = readSlice(markupText(bytes, 'latin1'), encoding);
  return encoding === 'utf8' ? text.replace(/\ufffd$/, '') : text;
}

/** Where short slices, as ids are, are written and read again: a buffer for each costs more than the copy. */
const SCRATCH_BYTES = 1_024;
const SCRATCH = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** A slice of a markup text as it reads, copied: a slice would keep the whole text alive. */
export function readSlice(slice: string, encoding: Encoding): string {
  if (encoding === 'utf8' && slice.length <= SCRATCH_BYTES)
    return SCRATCH.toString('utf8', 0, SCRATCH.write(slice, 'latin1'));
  if (encoding === 'utf8') return Buffer.from(slice, 'latin1').toString('utf8');
  if (encoding === 'latin1') return Buffer.from(slice, 'latin1').toString('latin1');
  if (encoding === 'utf16le' || encoding === 'utf16be') return Buffer.from(slice, 'utf16le').toString('utf16le');
  const bytes = Buffer.from(slice, 'latin1');
  // A charset that this Node does not know: its ASCII at least reads the same.
  return attempt(() => new TextDecoder(encoding.slice(8)).decode(bytes)) ?? bytes.toString('utf8');
}

const evenPart = (buffer: Buffer): Buffer => buffer.subarray(0, buffer.length - (buffer.length % 2));

function declaredEncoding(bytes: Uint8Array): string | null {
  if (!beginsDeclaration(bytes)) return null;
  const length = Math.min(bytes.byteLength, DECLARATION_BYTES_MAX);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
  return /^[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1]?.toLowerCase() ?? null;
}
