import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseContentType } from '../envelope/content-type.ts';
import { createHeldBody, holdChunk } from '../observation/held-body.ts';
import { type BodyText, bodyText } from './body-text.ts';

interface Facts {
  readonly type?: string;
  readonly compression?: string | null;
  readonly isComplete?: boolean;
}

function read(
  bytes: Uint8Array | string,
  { type = 'text/xml', compression = null, isComplete = true }: Facts = {},
): BodyText {
  const body = createHeldBody();
  holdChunk(body, typeof bytes === 'string' ? Buffer.from(bytes) : bytes, undefined);
  return bodyText(body, parseContentType(type), compression, isComplete);
}

const XML = '<a>é€</a>';
const whole = (text: string): BodyText => ({ kind: 'text', text, isWhole: true });
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('the text of a body', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['UTF-8', XML, 'text/xml'],
    ['UTF-8 with a byte order mark', `\ufeff${XML}`, 'text/xml'],
    ['UTF-16 with a byte order mark', utf16(`\ufeff${XML}`), 'text/xml; charset=utf-16'],
    ['UTF-16 without', utf16(XML), 'text/xml'],
    ['UTF-16 the other way round', utf16(`\ufeff${XML}`).swap16(), 'text/xml'],
    ['UTF-16 by its name', utf16(XML).swap16(), 'text/xml; charset=utf-16be'],
    ['a charset in single quotes', XML, "text/xml; charset='utf-8'"],
    ['no charset', XML, 'text/xml; charset='],
    [
      'UTF-8 under a declaration of UTF-16, as .NET writes it',
      `<?xml version="1.0" encoding="utf-16"?>${XML}`,
      'text/xml; charset=utf-8',
    ],
  ])('is read as %s', (_, bytes, type) => {
    const text = read(bytes, { type });
    expect(text).toEqual(
      whole(text.kind === 'text' && text.text.startsWith('<?') ? `<?xml version="1.0" encoding="utf-16"?>${XML}` : XML),
    );
  });

  it('is read as Latin-1 and its kin, by header or declaration', () => {
    const latin = Buffer.from('<a>\u00e9</a>', 'latin1');
    expect(read(latin, { type: 'text/xml; charset=ISO-8859-1' })).toEqual(whole('<a>é</a>'));
    expect(read(Buffer.from('<a>\u0080</a>', 'latin1'), { type: 'text/xml; charset=windows-1252' })).toEqual(
      whole('<a>€</a>'),
    );
    const declared = '<?xml version="1.0" encoding="iso-8859-1"?><a>\u00e9</a>';
    expect(read(Buffer.from(declared, 'latin1'))).toEqual(whole(declared));
  });

  it.each<[string, Uint8Array | string, string]>([
    ['an encoding that nobody knows', '<a/>', 'text/xml; charset=x-klingon'],
    ['one that hides markup in ASCII', '+ADw-a/+AD4-', 'text/xml; charset=utf-7'],
    ['a declaration of such a one', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'text/xml; charset=utf-8'],
    ['XML 1.1', '<?xml version="1.1"?><a/>', 'text/xml'],
    ['bytes that are no UTF-8', Buffer.from('<a>\u00e9</a>', 'latin1'), 'text/xml; charset=utf-8'],
    ['half a surrogate', utf16('<a>\ud800</a>'), 'text/xml'],
    ['UTF-16 said without saying which', Buffer.from('<a/>'), 'text/xml; charset=utf-16'],
  ])('is withheld for %s', (_, bytes, type) => {
    expect(read(bytes, { type })).toEqual({ kind: 'withheld', reason: 'its encoding is unknown or broken' });
  });

  it('is inflated, and withheld when it cannot be', () => {
    expect(read(gzipSync(XML), { compression: 'gzip' })).toEqual(whole(XML));
    expect(read(deflateSync(XML), { compression: 'deflate' })).toEqual(whole(XML));
    expect(read('no gzip', { compression: 'gzip' }).kind).toBe('withheld');
    expect(read(XML, { compression: 'zstd' })).toEqual({ kind: 'withheld', reason: 'its compression cannot be read' });
  });

  it('is not whole when its end was not seen, and ends at a character', () => {
    const cut = Buffer.from(XML).subarray(0, 4);
    expect(read(cut, { isComplete: false })).toEqual({ kind: 'text', text: '<a>', isWhole: false });
    expect(read(`<a>${'x'.repeat(70_000)}</a>`)).toMatchObject({ isWhole: false });
  });
});

describe('the root of a multipart body', () => {
  const type = 'multipart/related; boundary=b; start="<r>"';
  const parts = (header: string): string =>
    `--b\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\n\u0007\r\n--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n${header}\r\n${XML}\r\n--b--`;

  it('is found, wherever it stands', () => {
    expect(read(parts(''), { type })).toEqual(whole(XML));
    expect(read(parts('Content-Transfer-Encoding: 8bit\r\n'), { type })).toEqual(whole(XML));
  });

  it.each(['quoted-printable', 'base64', 'quoted-printable (soft)', 'x-own'])('is withheld in %s', (encoding) => {
    expect(read(parts(`Content-Transfer-Encoding: ${encoding}\r\n`), { type }).kind).toBe('withheld');
  });

  it('is withheld when it is not there, or nobody says where parts begin', () => {
    expect(read(parts('').replaceAll('<r>', '<q>'), { type }).kind).toBe('withheld');
    expect(read(parts(''), { type: 'multipart/related' }).kind).toBe('withheld');
  });
});
