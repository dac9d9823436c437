import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Asked {
  readonly socket: Socket;
  /** The request's first line and headers. */
  readonly head: string;
  /** How many whole requests came before this one, on any connection. */
  readonly count: number;
}

const text =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">' +
  '<soap:Body><greetResponse xmlns="urn:greeter"><greeting>hello ada</greeting></greetResponse></soap:Body></soap:Envelope>';
const fault =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>' +
  '<faultcode>soap:Client</faultcode><faultstring>no</faultstring></soap:Fault></soap:Body></soap:Envelope>';

const reply = (status: string, headers: string, body: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\nContent-Type: text/xml\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    Buffer.from(body),
  ]);
const ok = reply('200 OK', '', text);
const moved =
  (status: string) =>
  ({ socket, head, count }: Asked) =>
    void socket.write(head.includes('/elsewhere') || count > 8 ? ok : reply(status, 'Location: /elsewhere\r\n', ''));
const half = ok.length - 40;

/** Over TLS there is nothing of a reset but the end of the connection below. */
const reset = (socket: Socket): unknown => ('encrypted' in socket ? socket.destroy() : socket.resetAndDestroy());

/** What the other side does when a whole request is there. */
export const peers: { readonly [name: string]: (asked: Asked) => unknown } = {
  answers: ({ socket }) => socket.write(ok),
  'answers and closes': ({ socket }) => socket.end(reply('200 OK', 'Connection: close\r\n', text)),
  'answers in one-byte pieces': async ({ socket }) => {
    for (const byte of ok) {
      if (socket.destroyed) return;
      await new Promise<void>((written) => socket.write(Buffer.of(byte), () => written()));
    }
  },
  'answers chunked with trailers': ({ socket }) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n` +
        `${text.length.toString(16)}\r\n${text}\r\n0\r\nX: y\r\n\r\n`,
    ),
  'answers until it closes': ({ socket }) => socket.end(`HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n${text}`),
  'gives hints first': ({ socket }) =>
    socket.write(
      Buffer.concat([
        Buffer.from('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'),
        ok,
      ]),
    ),
  'answers gzip': ({ socket }) => socket.write(reply('200 OK', 'Content-Encoding: gzip\r\n', gzipSync(text))),
  'answers bad gzip': ({ socket }) => socket.write(reply('200 OK', 'Content-Encoding: gzip\r\n', 'no gzip')),
  'answers a fault': ({ socket }) => socket.write(reply('500 Sorry', '', fault)),
  'answers a fault with 200': ({ socket }) => socket.write(reply('200 OK', '', fault)),
  'answers one-way': ({ socket }) => socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'),
  'answers 204': ({ socket }) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  'answers 300 KB': ({ socket }) => socket.write(reply('200 OK', '', text.replace('ada', 'a'.repeat(300_000)))),
  'answers what is no XML': ({ socket }) => socket.write(reply('200 OK', '', 'stack trace\n  at nowhere')),
  'redirects with 302': moved('302 Found'),
  'redirects with 303': moved('303 See Other'),
  'redirects with 307': moved('307 Temporary Redirect'),
  'asks who it is': ({ socket, head }) =>
    socket.write(
      /\r\nauthorization:/i.test(head) ? ok : reply('401 Who', 'WWW-Authenticate: Basic realm="r"\r\n', 'who are you?'),
    ),
  'breaks off in the head': ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-'),
  'breaks off in the body': ({ socket }) => socket.end(ok.subarray(0, half)),
  'resets in the body': ({ socket }) => socket.write(ok.subarray(0, half), () => reset(socket)),
  'resets without a word': ({ socket }) => reset(socket),
  'closes without a word': ({ socket }) => socket.end(),
  'answers nonsense': ({ socket }) => socket.end('what?\r\n\r\n'),
  'answers more than it said': ({ socket }) => socket.end(Buffer.concat([ok, Buffer.from('more')])),
  'stops in the head': ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-'),
  'stops in the body': ({ socket }) => socket.write(ok.subarray(0, half)),
  'says nothing': () => {},
};

/** Who calls these waits until it gives up. */
export const isSilent = (peer: string): boolean => peer === 'says nothing' || peer.startsWith('stops in');
