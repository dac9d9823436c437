import { gzipSync } from 'node:zlib';
import { greetRequest } from '../../greeter.ts';

export type Pieces = readonly (string | Buffer)[];

const chunked = (head: string, body: Buffer, size: number): Buffer[] => {
  const pieces = [Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'latin1')];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    pieces.push(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]));
  }
  return pieces;
};
const withLength = (head: string, body: Buffer): string => `${head}Content-Length: ${body.length}\r\n\r\n`;

/** How a request is cut into what is written at once. The head comes without its last, empty line. */
export const framings: { readonly [name: string]: (head: string, body: Buffer) => Pieces } = {
  'a length': (head, body) => [withLength(head, body), body],
  'a length, in one piece': (head, body) => [Buffer.concat([Buffer.from(withLength(head, body)), body])],
  'a length, in two halves': (head, body) => [
    withLength(head, body),
    body.subarray(0, body.length >> 1),
    body.subarray(body.length >> 1),
  ],
  'a length, byte by byte': (head, body) => {
    const all = Buffer.concat([Buffer.from(withLength(head, body)), body]);
    return Array.from(all, (_byte, i) => all.subarray(i, i + 1));
  },
  chunks: (head, body) => [...chunked(head, body, 100), '0\r\n\r\n'],
  'chunks of one byte': (head, body) => [...chunked(head, body, 1), '0\r\n\r\n'],
  'chunks with an extension and trailers': (head, body) => [
    `${head}Trailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n`,
    Buffer.concat([Buffer.from(`${body.length.toString(16)};a=b\r\n`), body, Buffer.from('\r\n')]),
    '0\r\nX-T: yes\r\n\r\n',
  ],
};

const text = greetRequest('ada');

/** What is in a body, and the headers that say so. */
export const encodings: { readonly [name: string]: { readonly headers: string; readonly body: Buffer } } = {
  plain: { headers: '', body: Buffer.from(text) },
  gzip: { headers: 'Content-Encoding: gzip\r\n', body: gzipSync(text) },
  'bad gzip': { headers: 'Content-Encoding: gzip\r\n', body: Buffer.from('this is no gzip at all, whatever it says') },
  'truncated gzip': { headers: 'Content-Encoding: gzip\r\n', body: gzipSync(text).subarray(0, -20) },
  'UTF-16': { headers: '', body: Buffer.from(`\ufeff${text}`, 'utf16le') },
  'malformed XML': { headers: '', body: Buffer.from('<a><b></a>') },
  'nothing at all': { headers: '', body: Buffer.alloc(0) },
  // Over what the interceptor holds (64 KB) and what a socket takes at once.
  '200 KB': { headers: '', body: Buffer.from(greetRequest('é'.repeat(100_000))) },
};
