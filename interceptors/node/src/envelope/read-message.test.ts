import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createHeldBody, holdChunk } from '../observation/held-body.ts';
import { greetRequest } from '../testing/greeter.ts';
import { parseContentType } from './content-type.ts';
import { readSlice } from './decode-text.ts';
import { readMessage } from './read-message.ts';

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
    const start = performance.now();
    expect(read(bomb, XML, 'gzip')?.scan.operation ?? null).toBeNull();
    expect(performance.now() - start).toBeLessThan(200);
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
  test('and nothing when it is not there', () => {
    const type = parseContentType('multipart/related; boundary=b; start="<gone>"');
    expect(read(`${part('a', greetRequest('ada'))}--b--`, type)).toBeNull();
    expect(read('no parts', type)).toBeNull();
  });
});

test('the work for a body dripped in one-byte chunks grows with its length and not faster', () => {
  const bestOf = (length: number): number => {
    const bytes = Buffer.from(greetRequest('x'.repeat(length)));
    const chunks = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    const drip = (): number => {
      const start = performance.now();
      const body = createHeldBody();
      for (const chunk of chunks) holdChunk(body, chunk, undefined);
      readMessage(body, XML, null);
      return performance.now() - start;
    };
    return Math.min(...Array.from({ length: 20 }, drip));
  };
  bestOf(16_000);
  // Eight times the bytes; a scan per chunk would take 64 times as long.
  expect(bestOf(64_000)).toBeLessThan(24 * bestOf(8_000));
});
