/** How the bytes of a text stand for characters. `latin1` also serves the bytes of UTF-8 while only markup is read. */
export type Encoding = 'utf8' | 'latin1' | 'utf16le' | 'utf16be';

/** What the bytes tell (byte order mark, or every second byte zero), else the charset of the header, else the declaration. */
export function encodingOf(bytes: Uint8Array, charset: string | null): Encoding {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf16be';
  const named = charset ?? declaredEncoding(bytes);
  return named !== null && /^(?:iso-8859-1|iso_8859-1|latin1|windows-1252|us-ascii)$/.test(named) ? 'latin1' : 'utf8';
}

/** A text to scan: UTF-16 as characters, all else byte by byte, which keeps the markup of every encoding that extends ASCII. */
export function markupText(bytes: Uint8Array, encoding: Encoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'utf16le') return buffer.toString('utf16le');
  if (encoding === 'utf16be') return Buffer.from(evenPart(buffer)).swap16().toString('utf16le');
  return buffer.toString('latin1');
}

/** A slice of a markup text as it reads, copied: a slice would keep the whole text alive. */
export function readSlice(slice: string, encoding: Encoding): string {
  if (encoding === 'utf8') return Buffer.from(slice, 'latin1').toString('utf8');
  if (encoding === 'latin1') return Buffer.from(slice, 'latin1').toString('latin1');
  return Buffer.from(slice, 'utf16le').toString('utf16le');
}

const evenPart = (buffer: Buffer): Buffer => buffer.subarray(0, buffer.length - (buffer.length % 2));

function declaredEncoding(bytes: Uint8Array): string | null {
  // '<?x': anything else has no XML declaration.
  const at = bytes[0] === 0xef ? 3 : 0;
  if (bytes[at] !== 0x3c || bytes[at + 1] !== 0x3f || bytes[at + 2] !== 0x78) return null;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString('latin1');
  return /^[^>]*\sencoding\s*=\s*["']([\w.-]{1,40})["']/.exec(head)?.[1]?.toLowerCase() ?? null;
}
