import { attempt } from '../tap/guarded.ts';

/**
 * The characters of an XML text, or null when it cannot be said for sure what they are: another reader of the same bytes
 * might then see a secret where we saw none. Of a text that is cut, half a character at its end is left out.
 */
export function decodeStrictly(bytes: Uint8Array, charset: string | null, isWhole: boolean): string | null {
  const encoding = encodingFor(bytes, charset);
  if (encoding === null) return null;
  if (encoding === 'iso-8859-1' || encoding === 'windows-1252') {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return encoding === 'iso-8859-1' ? text : text.replace(/[\u0080-\u009f]/g, (control) => windows1252(control));
  }
  // Fatal, so it throws on what is no text; and where Node was built without the encoding.
  const read = (): string => new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !isWhole });
  return attempt(read) ?? null;
}

/** Node 20's own decoder gives the controls of Latin-1 for these. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const windows1252 = (control: string): string => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80);

/** Every one keeps ASCII where it is, so that two of them may contradict each other and the markup is still the same. */
const ASCII_BASED = /^(?:utf-?8|us-ascii|ascii|latin1|windows-125[0-8]|iso[-_]8859-(?:[1-9]|1[03456]))$/;

/** What the first bytes tell, else the header's charset (RFC 7303), else the declaration, else UTF-8. */
function encodingFor(bytes: Uint8Array, charset: string | null): string | null {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if ((first === 0xff && second === 0xfe) || (second === 0 && isFirstOfXml(first))) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && isFirstOfXml(second))) return 'utf-16be';
  const named = charset?.trim().replace(/^'(.*)'$/, '$1') || null;
  if (named === 'utf-16le' || named === 'utf-16be') return named;
  if (named !== null && !ASCII_BASED.test(named)) return null;
  const declared = declaredEncoding(bytes);
  // .NET writes "utf-16" over what it then sends as UTF-8: a declaration that reads as ASCII is none of UTF-16.
  const isBelieved = declared !== null && ASCII_BASED.test(declared);
  if (declared !== null && !isBelieved && !(named !== null && declared === 'utf-16')) return null;
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  const chosen = named ?? declared ?? 'utf-8';
  if (/^(?:iso[-_]8859-1|latin1|us-ascii|ascii)$/.test(chosen)) return 'iso-8859-1';
  return chosen.replace('iso_', 'iso-');
}

/** '<' or white space. */
const isFirstOfXml = (code: number): boolean => code === 0x3c || code === 0x20 || (code >= 9 && code <= 13);

/** Longer than any declaration that is written. One that is not over by then is not understood. */
const DECLARATION_BYTES_MAX = 400;

/** '' when there is a declaration that cannot be read. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, DECLARATION_BYTES_MAX));
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const start = /^\s*<\?xml\s/.exec(text);
  if (start === null) return null;
  const end = text.indexOf('?>');
  const declaration = text.slice(0, end < 0 ? text.length : end);
  if (end < 0 || !/\sversion\s*=\s*(["'])1\.0\1/.test(declaration)) return '';
  const encoding = /\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(declaration);
  return encoding === null ? null : (encoding[1] ?? encoding[2] ?? '').toLowerCase();
}
