import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContentType } from './content-type.ts';
import { attachmentsOf, createPartCounter, feedParts, mayHaveParts } from './count-parts.ts';

const TYPE = parseContentType('multipart/related; boundary="b-1"; type="application/xop+xml"; start="<Root@x>"');
const WITHOUT_START = parseContentType('multipart/related; boundary=b-1; type="application/xop+xml"');

interface Part {
  readonly head: string;
  readonly content: Buffer;
}

const body = (
  parts: readonly Part[],
  { preamble = '', lineEnd = '\r\n', close = '--', boundary = 'b-1' } = {},
): Buffer =>
  Buffer.concat([
    Buffer.from(preamble),
    ...parts.flatMap(({ head, content }) => [
      Buffer.from(`--${boundary}${lineEnd}${head}${lineEnd}${head === '' ? '' : lineEnd}`, 'latin1'),
      content,
      Buffer.from(lineEnd),
    ]),
    Buffer.from(`--${boundary}${close}${lineEnd}`),
  ]);

function count(chunks: readonly Uint8Array[], type = TYPE) {
  const counter = createPartCounter();
  for (const chunk of chunks) feedParts(counter, chunk);
  return attachmentsOf(counter, type);
}

const root: Part = {
  head: 'Content-Type: application/xop+xml; charset=utf-8\r\nContent-ID: <root@x>',
  content: Buffer.from('<s:Envelope/>'),
};
const image: Part = {
  head: 'content-id: <i>\r\nCONTENT-TYPE: image/PNG',
  content: Buffer.from([1, 13, 10, 45, 45, 98]),
};
const bare: Part = { head: '', content: Buffer.alloc(0) };

describe('counts the parts beside the root', () => {
  test('by types and sizes, wherever the root stands', () => {
    const expected = {
      count: 2,
      parts: [
        { mediaType: 'image/png', bytes: 6 },
        { mediaType: 'text/plain', bytes: 0 },
      ],
    };
    expect(count([body([root, image, bare])])).toEqual(expected);
    expect(count([body([image, root, bare])])).toEqual(expected);
    expect(count([body([image, bare, root])])).toEqual(expected);
  });
  test('without a start the first part that may be an envelope is the root, else the first', () => {
    expect(count([body([image, root])], WITHOUT_START)?.parts).toEqual([{ mediaType: 'image/png', bytes: 6 }]);
    expect(count([body([image, image, image])], WITHOUT_START)?.count).toBe(2);
  });
  test('a start that names no part leaves all of them beside it', () => {
    expect(count([body([image, image])], TYPE)?.count).toBe(2);
  });
  test('behind a preamble, with bare line feeds, and without an end', () => {
    expect(count([body([root, image], { preamble: 'This is a MIME message.\r\n\r\n' })])?.count).toBe(1);
    expect(count([body([root, image], { preamble: '\r\n' })])?.count).toBe(1);
    expect(count([body([root, { ...image, head: 'Content-Type: a/b' }], { lineEnd: '\n' })])?.parts).toEqual([
      { mediaType: 'a/b', bytes: 6 },
    ]);
    const whole = body([root, { head: 'Content-Type: a/b', content: Buffer.alloc(100, 120) }]);
    expect(count([whole.subarray(0, whole.indexOf('xxx') + 40)])?.parts).toEqual([{ mediaType: 'a/b', bytes: 40 }]);
  });
  test('a longer line that begins as the boundary does is content', () => {
    const content = Buffer.from('x\r\n--b-10\r\n\r\n--b-1-\r\n--b-1x');
    expect(count([body([root, { head: 'Content-Type: a/b', content }])])?.parts).toEqual([
      { mediaType: 'a/b', bytes: content.length },
    ]);
  });
  test('what stands behind the last delimiter is none', () => {
    expect(count([Buffer.concat([body([root, image]), body([image])])])?.count).toBe(1);
  });
  test('no more than a report takes are named, all are counted', () => {
    const counted = count([body([root, ...Array.from({ length: 40 }, () => image)])]);
    expect(counted).toMatchObject({ count: 40 });
    expect(counted?.parts.length).toBe(16);
    expect(count([body([...Array.from({ length: 40 }, () => image), root])])?.count).toBe(40);
  });
});

test('no parts: a root alone, another boundary, another type, text without end', () => {
  expect(count([body([root])])).toBeNull();
  expect(count([body([root, image], { boundary: 'other' })])).toBeNull();
  expect(count([body([root, image])], parseContentType('text/xml'))).toBeNull();
  expect(count([Buffer.alloc(100_000, 97), body([root, image])])).toBeNull();
  expect(count([])).toBeNull();
});

test('bodies that begin as XML or compressed ones are not looked at', () => {
  for (const first of ['<', '\ufeff']) expect(mayHaveParts(Buffer.from(first)[0] ?? 0)).toBe(false);
  for (const first of [0xfe, 0xff, 0x1f, 0]) expect(mayHaveParts(first)).toBe(false);
  for (const first of ['-', '\r', '\n', 'T']) expect(mayHaveParts(first.charCodeAt(0))).toBe(true);
});

test('however it is cut into chunks, the count is the same', () => {
  const piece = fc.constantFrom('\r', '\n', '-', '--', '--b-1', '\r\n--b-1', '\n--b-1-', 'x', 'b', '\r\n--b-', ' ');
  const content = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));
  const part = fc.record({ head: fc.constantFrom(root.head, image.head, 'Content-Type: a/b', ''), content });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.array(fc.nat(40), { maxLength: 60 }), (parts, cuts) => {
      const whole = body(parts);
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(whole.subarray(at, at + cut));
        at += cut;
      }
      chunks.push(whole.subarray(at));
      expect(count(chunks)).toEqual(count([whole]));
      expect(count(Array.from(whole, (byte) => Buffer.of(byte)))).toEqual(count([whole]));
    }),
    { numRuns: 500 },
  );
});

test('contents without delimiters of their own are measured to the byte', () => {
  const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const parts = fc.array(content, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 50 }), (contents, size) => {
      const whole = body([root, ...contents.map((bytes) => ({ head: 'Content-Type: a/b', content: bytes }))]);
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
        whole.subarray(i * size, (i + 1) * size),
      );
      expect(count(chunks)?.parts).toEqual(contents.map((bytes) => ({ mediaType: 'a/b', bytes: bytes.length })));
    }),
    { numRuns: 500 },
  );
});

test('what is kept of a body does not grow with it', () => {
  const counter = createPartCounter();
  feedParts(counter, body([root]).subarray(0, -12));
  for (const text of ['\r\n--b-1', '\r\n\r\n', 'x'.repeat(1_000)]) {
    for (let i = 0; i < 2_000; i++) feedParts(counter, Buffer.from(text));
    expect(counter.carry.byteLength + counter.line.length + counter.head.length).toBeLessThan(9_000);
  }
  expect(counter.parts.length).toBeLessThan(18);
});
