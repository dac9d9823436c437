import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createHeldBody, holdChunk } from '../observation/held-body.ts';
import { greetRequest } from '../testing/greeter.ts';
import { parseContentType } from './content-type.ts';
import { readSlice } from './decode-text.ts';
import { faultOf, operationOf } from './message-facts.ts';
import { createMessageReader, type ReadMessage, readMessage, readOn } from './read-message.ts';

const XML = parseContentType('text/xml');

function read(bytes: Buffer | string, type = XML, compression: string | null = null) {
  const body = createHeldBody();
  holdChunk(body, bytes, undefined);
  return readMessage(body, type, compression);
}

const greet = { namespace: 'urn:greeter', name: 'greet' };

test('a body in one chunk, in one-byte chunks, or as a string reads the same', () => {
  const text = greetRequest('ada');
  const dripped = createHeldBody();
  for (const byte of Buffer.from(text)) holdChunk(dripped, Buffer.of(byte), undefined);
  expect(readMessage(dripped, XML, null)).toEqual(read(text));
  expect(read(Buffer.from(text))?.scan).toEqual(read(text)?.scan);
  expect(dripped.bytes).toBe(Buffer.byteLength(text));
  expect(dripped.chunks.length).toBeLessThan(33);
});

test('an operation behind a long header is found, up to 64 KB', () => {
  const text = (length: number): string =>
    greetRequest('ada').replace('<soap:Body>', `<soap:Header><t>${'x'.repeat(length)}</t></soap:Header><soap:Body>`);
  expect(read(text(5_000))?.scan.operation).toEqual(greet);
  expect(read(text(60_000))?.scan.operation).toEqual(greet);
  expect(read(text(70_000))?.scan).toMatchObject({ isDecided: false, root: 'envelope', operation: null });
});

describe('reads UTF-16', () => {
  const text = greetRequest('ada').replace('utf-8', 'utf-16');
  test.each([
    ['little endian with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['little endian without a mark', Buffer.from(text, 'utf16le')],
    ['big endian with a mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['big endian without a mark', Buffer.from(text, 'utf16le').swap16()],
  ])('%s', (_what, bytes) => expect(read(bytes)?.scan.operation).toEqual(greet));
});

test('names beyond ASCII are decoded by the charset, the declaration, or as UTF-8', () => {
  const text =
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><b\u00fcch\u00f6ng xmlns="urn:\u00fc"/></e:Body></e:Envelope>';
  const name = (bytes: Buffer, type = XML): string => {
    const message = read(bytes, type);
    return message?.scan.operation ? readSlice(message.scan.operation.name, message.encoding) : '';
  };
  const declared = `<?xml version="1.0" encoding="ISO-8859-1"?>${text}`;
  expect(name(Buffer.from(text))).toBe('b\u00fcch\u00f6ng');
  expect(name(Buffer.from(text, 'latin1'), parseContentType('text/xml; charset="ISO-8859-1"'))).toBe(
    'b\u00fcch\u00f6ng',
  );
  expect(name(Buffer.from(declared, 'latin1'))).toBe('b\u00fcch\u00f6ng');
  expect(name(Buffer.from(text, 'utf16le'))).toBe('b\u00fcch\u00f6ng');
  expect(name(Buffer.from(`\ufeff${text}`))).toBe('b\u00fcch\u00f6ng');
});

describe('other charsets name the operation too', () => {
  const text = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><X/></e:Body></e:Envelope>';
  const inBytes = (name: readonly number[]): Buffer => {
    const [before = '', after = ''] = text.split('X');
    return Buffer.concat([Buffer.from(before), Buffer.from(name), Buffer.from(after)]);
  };
  test.each([
    ['windows-1251', [0xc7, 0xe0, 0xea], '\u0417\u0430\u043a'],
    ['KOI8-R', [0xfa, 0xc1, 0xcb], '\u0417\u0430\u043a'],
    ['iso-8859-2', [0xb3], '\u0142'],
    ['Shift_JIS', [0x97, 0x5c, 0x96, 0xf1], '\u4e88\u7d04'],
    ['no-such-charset', [0x61, 0x62], 'ab'],
  ])('%s', (charset, bytes, name) => {
    const byHeader = read(inBytes(bytes), parseContentType(`text/xml; charset=${charset}`));
    const declaration = Buffer.from(`<?xml version="1.0" encoding="${charset}"?>`);
    const byDeclaration = read(Buffer.concat([declaration, inBytes(bytes)]));
    for (const message of [byHeader, byDeclaration]) {
      expect(message === null ? null : operationOf(message)?.name).toBe(name);
    }
  });
});

test('a reference beyond ASCII, and a character whose last byte looks like white space, are read whole', () => {
  const fault = (code: string) =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>${code}</faultcode></s:Fault></s:Body></s:Envelope>`;
  for (const [written, meant] of [
    ['&#252;&#x4e2d;', '\u00fc\u4e2d'],
    [' d\u00e9j\u00e0\r\n', 'd\u00e9j\u00e0'],
    ['&amp;lt;', '&lt;'],
  ]) {
    const message = read(fault(written ?? ''));
    expect(message === null ? null : faultOf(message)?.code).toBe(meant);
  }
});

describe('asked while the body arrives', () => {
  const header = '<soap:Header><t a=">">token</t></soap:Header><soap:Body>';
  const bytes = Buffer.from(greetRequest('ada').replace('<soap:Body>', header));
  const drip = (body: Buffer, type = XML): { last: ReadMessage | null; undecided: number } => {
    const held = createHeldBody();
    const reader = createMessageReader(type, null);
    let last: ReadMessage | null = null;
    let undecided = 0;
    for (const byte of body) {
      holdChunk(held, Buffer.of(byte), undefined);
      last = readOn(reader, held, false);
      if (!last?.scan.isDecided) undecided++;
    }
    return { last, undecided };
  };
  test('it goes on from where it was, byte by byte', () => {
    const { last, undecided } = drip(bytes);
    expect(last?.scan).toEqual(read(bytes)?.scan);
    expect(bytes.subarray(0, undecided + 1).toString()).toMatch(/<greet xmlns="urn:greeter">$/);
  });
  test('also in UTF-16 and in several parts', () => {
    const wide = Buffer.from(bytes.toString(), 'utf16le');
    expect(drip(wide).last?.scan.operation).toEqual(greet);
    const type = parseContentType('multipart/related; boundary=b');
    const parts = Buffer.concat([Buffer.from('--b\r\n\r\n'), bytes, Buffer.from('\r\n--b--')]);
    expect(drip(parts, type).last?.scan.operation).toEqual(greet);
  });
});

describe('reads compressed bodies', () => {
  const text = greetRequest('ada'.repeat(100));
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
  ])('%s', (encoding, bytes) => expect(read(bytes, XML, encoding)?.scan.operation).toEqual(greet));
  test('and gives up on bad, unknown and bomb-like ones', () => {
    expect(read('no gzip at all', XML, 'gzip')).toBeNull();
    expect(read(text, XML, 'compress')).toBeNull();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32));
    expect(read(bomb, XML, 'gzip')?.scan.operation ?? null).toBeNull();
  });
  test('and reads the beginning of one whose rest is not held', () => {
    const noise = Buffer.alloc(200_000, 0).map((_, i) => 97 + (((i * 7919) % 26) ** 3 % 26));
    expect(read(gzipSync(`${text}<!--${noise.toString()}`).subarray(0, 3_000), XML, 'gzip')?.scan.operation).toEqual(
      greet,
    );
  });
});

describe('reads the root part of multipart/related', () => {
  const part = (id: string, body: string): string =>
    `--b\r\nContent-Type: application/xop+xml; charset=utf-8\r\nContent-ID: <${id}>\r\n\r\n${body}\r\n`;
  const other = '<soap:no/>';
  test('by its start parameter, wherever it stands', () => {
    const type = parseContentType('Multipart/Related; boundary="b"; type="application/xop+xml"; start="<root@x>"');
    const text = `preamble\r\n${part('a', other)}${part('root@x', greetRequest('ada'))}--b--\r\n`;
    expect(read(text, type)?.scan.operation).toEqual(greet);
  });
  test('the first one without', () => {
    const type = parseContentType('multipart/related; boundary=b; type=text/xml');
    expect(read(`${part('a', greetRequest('ada'))}${part('b', other)}--b--`, type)?.scan.operation).toEqual(greet);
  });
  test('whatever the case of its id, quoted or not', () => {
    for (const start of ['<ROOT@x>', '"<Root@X>"', '"root@x"', 'root@x']) {
      const type = parseContentType(`multipart/related; Start=${start}; boundary=b; type="text/xml"`);
      expect(read(`${part('a', other)}${part('root@x', greetRequest('ada'))}--b--`, type)?.scan.operation).toEqual(
        greet,
      );
    }
  });
  test('without a start not what is no envelope by its type', () => {
    const type = parseContentType('multipart/related; boundary=b; type="text/xml"');
    const image = '--b\r\nContent-Type: image/png\r\n\r\n<soap:no/>\r\n';
    expect(read(`${image}${part('a', greetRequest('ada'))}--b--`, type)?.scan.operation).toEqual(greet);
    expect(read(`${image.replace('<soap:no/>', greetRequest('ada'))}--b--`, type)?.scan.operation).toEqual(greet);
  });
  test('which a line that only begins as the boundary does not end', () => {
    const type = parseContentType('multipart/related; boundary=b');
    const text = greetRequest('ada').replace('<soap:Body>', '<!--\n--bb\n--b --><soap:Body>').replace('--b --', '-->');
    expect(read(`--b\r\n\r\n${text}\r\n--b--`, type)?.scan.root).toBe('envelope');
  });
  test('and nothing when it is not there', () => {
    const type = parseContentType('multipart/related; boundary=b; start="<gone>"');
    expect(read(`${part('a', greetRequest('ada'))}--b--`, type)).toBeNull();
    expect(read('no parts', type)).toBeNull();
  });
});
