import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replyFraming, requestFraming } from './framing.ts';
import { createMessageReader, HEAD_BYTES_MAX } from './message-reader.ts';

/** Everything found in the pieces, bodies joined. */
function readAll(pieces: readonly Buffer[], isReply = false, method = 'POST'): string[] {
  const reader = createMessageReader();
  const events: string[] = [];
  let body: Buffer[] = [];
  for (const piece of pieces) {
    for (let at = 0; ; at = reader.at) {
      const found = reader.next(piece, at);
      if (found === 'head' && reader.head !== null) {
        events.push(`head ${reader.head.startLine} ${JSON.stringify(reader.text.length)}`);
        const framing = isReply ? replyFraming(reader.head, method) : requestFraming(reader.head);
        events.push(framing.kind);
        reader.frame(framing);
      } else if (found === 'body') body.push(Buffer.from(piece.subarray(reader.from, reader.at)));
      else if (found === 'end') {
        events.push(`end ${Buffer.concat(body).toString('latin1')}`);
        body = [];
      } else if (found === 'confused') return [...events, 'confused'];
      else break;
    }
  }
  const last = reader.finish();
  return [...events, `${last} ${Buffer.concat(body).toString('latin1')}`];
}

const read = (text: string, isReply = false, method = 'POST'): string[] =>
  readAll([Buffer.from(text, 'latin1')], isReply, method);

function cutAt(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const at = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, i) => bytes.subarray(at[i], to));
}

const REQUESTS = [
  'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello',
  'GET /?wsdl HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a="b;c"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n',
  '\r\n\nPOST /c HTTP/1.0\nHost: y\nContent-Type: text/xml;\n\tcharset=utf-8\nContent-Length: 2\n\nok',
  'HEAD / HTTP/1.1\r\n\r\n',
  'POST /d HTTP/1.1\r\ntransfer-encoding: gzip, Chunked\r\n\r\n1\r\n\r\r\n0\r\n\r\n',
];

test('requests are found one after the other, with their content and nothing else', () => {
  expect(read(REQUESTS.join(''))).toEqual([
    'head POST /a HTTP/1.1 48',
    'length',
    'end hello',
    'head GET /?wsdl HTTP/1.1 32',
    'length',
    'end ',
    'head POST /b HTTP/1.1 48',
    'chunked',
    'end hello0123456789',
    'head POST /c HTTP/1.0 83',
    'length',
    'end ok',
    'head HEAD / HTTP/1.1 19',
    'length',
    'end ',
    'head POST /d HTTP/1.1 54',
    'chunked',
    'end \r',
    'more ',
  ]);
});

test('however the bytes are cut, the same is found', () => {
  const whole = REQUESTS.join('');
  const expected = read(whole);
  expect(readAll([...Buffer.from(whole, 'latin1')].map((byte) => Buffer.from([byte])))).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.nat(2_000), { maxLength: 30 }), (cuts) => {
      expect(readAll(cutAt(whole, cuts))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('arbitrary bytes, mutated messages among them, are read alike however they are cut, and never throw', () => {
  const messy = fc
    .tuple(
      fc.constantFrom(...REQUESTS),
      fc.constantFrom(...REQUESTS),
      fc.nat(200),
      fc.nat(8),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([first, second, at, gone, noise]) => {
      const text = first + second;
      const place = at % text.length;
      return text.slice(0, place) + Buffer.from(noise).toString('latin1') + text.slice(place + gone);
    });
  const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(
      fc.oneof(messy, anything),
      fc.array(fc.nat(500), { maxLength: 10 }),
      fc.boolean(),
      (text, cuts, isReply) => {
        expect(readAll(cutAt(text, cuts), isReply)).toEqual(read(text, isReply));
      },
    ),
    { numRuns: 2_000 },
  );
});

describe('a reply ends as its request and its status say', () => {
  const last = (text: string, method = 'POST'): string | undefined => read(text, true, method).at(-1);
  const second = (text: string, method = 'POST'): string | undefined => read(text, true, method)[2];

  test('with the connection, when nothing else is said', () => {
    expect(last('HTTP/1.1 200 OK\r\n\r\nall of it')).toBe('end all of it');
    expect(last('HTTP/1.0 200\r\n\r\n')).toBe('end ');
  });
  test.each([
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n', 'POST'],
    ['304', 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n', 'GET'],
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n', 'HEAD'],
    ['1xx', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'POST'],
  ])('at its head: %s', (_what, text, method) => {
    expect(second(text, method)).toBe('end ');
  });
  test.each([
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'GET'],
    ['CONNECT', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', 'CONNECT'],
  ])('never, as what follows is no HTTP: %s', (_what, text, method) => {
    expect(read(text, true, method)[1]).toBe('tunnel');
  });
});

test.each([
  ['a length beside chunks', 'POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n', 'ambiguous'],
  ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n', 'ambiguous'],
  ['a length that is none', 'POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n', 'ambiguous'],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', 'ambiguous'],
  ['chunks that are not last', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n', 'ambiguous'],
  ['HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'confused'],
  ['a blank before the colon', 'POST / HTTP/1.1\r\nContent-Length : 3\r\n\r\n', 'confused'],
  ['a line without a colon', 'POST / HTTP/1.1\r\nnonsense\r\n\r\n', 'confused'],
  ['a chunk size that is none', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'confused'],
  ['a chunk longer than it says', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', 'confused'],
  ['a chunk too long to count', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n', 'confused'],
  ['an end within the head', 'POST / HTTP/1.1\r\nHost', 'confused'],
  ['an end within the body', 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na', 'confused'],
  ['the beginning of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\r\n\r\n', 'confused'],
])('what two readers could understand differently is not followed: %s', (_what, text, expected) => {
  expect(read(text)[expected === 'ambiguous' ? 1 : read(text).length - 1]?.split(' ')[0]).toBe(expected);
});

test('a head over the limit is not followed, dripped or at once', () => {
  const head = `POST / HTTP/1.1\r\nX: ${'x'.repeat(HEAD_BYTES_MAX)}\r\n\r\n`;
  expect(read(head)).toEqual(['confused']);
  const dripped = Array.from({ length: Math.ceil(head.length / 7) }, (_, i) =>
    Buffer.from(head.slice(i * 7, i * 7 + 7)),
  );
  expect(readAll(dripped)).toEqual(['confused']);
});
