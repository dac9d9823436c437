import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exchangeBytes, withAndWithout } from '../testing/differential.ts';
import { greetRequest } from '../testing/greeter.ts';

const soapHead = (length: number | 'chunked', extra = ''): string =>
  `POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nConnection: close\r\n${extra}` +
  (length === 'chunked' ? 'Transfer-Encoding: chunked\r\n\r\n' : `Content-Length: ${length}\r\n\r\n`);

const post = (body: string | Buffer, extra = ''): (string | Buffer)[] => [
  soapHead(Buffer.byteLength(body), extra),
  body,
];

const chunked = (body: string, size: number): string[] => {
  const pieces = [soapHead('chunked')];
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    pieces.push(`${part.length.toString(16)}\r\n${part}\r\n`);
  }
  return [...pieces, '0\r\nX-Trailer: t\r\n\r\n'];
};

const text = greetRequest('ada');
const requests: Record<string, { pieces: (string | Buffer)[]; abort?: boolean; outcome?: string }> = {
  'a good request': { pieces: post(text) },
  'a request in one piece with its head': { pieces: [post(text).join('')] },
  'a chunked request with a trailer': { pieces: chunked(text, 7) },
  'an empty body': { pieces: post('') },
  'malformed XML': { pieces: post('<a><b></a>') },
  'UTF-16': { pieces: post(Buffer.from(`\ufeff${text}`, 'utf16le')) },
  'a DOCTYPE': { pieces: post(`<!DOCTYPE a [<!ENTITY b "c">]>${text}`) },
  '10,000 nested elements': { pieces: post('<a>'.repeat(10_000) + '</a>'.repeat(10_000)) },
  '3 MB': { pieces: post(greetRequest('x'.repeat(3_000_000))) },
  'Expect: 100-continue': { pieces: post(text, 'Expect: 100-continue\r\n') },
  'an unknown Expect': { pieces: post(text, 'Expect: miracles\r\n') },
  'bad gzip': { pieces: post('not gzip', 'Content-Encoding: gzip\r\n') },
  'good gzip': { pieces: post(gzipSync(text), 'Content-Encoding: gzip\r\n') },
  'HTTP/1.0': {
    pieces: [`POST /s HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: ${text.length}\r\n\r\n${text}`],
  },
  'HTTP/1.1 without a Host': { pieces: [`POST /s HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n`] },
  'two pipelined requests': {
    pieces: [post(text).join('').replace('Connection: close\r\n', '') + post(text).join('')],
  },
  'a GET': { pieces: ['GET /s?wsdl HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'] },
  'a HEAD': { pieces: ['HEAD /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n'] },
  'no HTTP at all': { pieces: ['hello\r\n\r\n'] },
  'an aborted body': { pieces: [soapHead(1_000), 'half'], abort: true },
};

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, log: (what: string) => void) => void;
const later = (turns: number, work: () => void): unknown =>
  setImmediate(() => (turns === 0 ? work() : later(turns - 1, work)));
const reply = (response: http.ServerResponse, body: string): void => {
  response.setHeader('content-type', 'text/xml');
  response.end(body);
};
const digest = (chunks: (Buffer | string)[]): string =>
  createHash('sha1')
    .update(chunks.map((chunk) => (typeof chunk === 'string' ? chunk : chunk.toString('latin1'))).join(''))
    .digest('hex');

const readers: Record<string, Handler> = {
  'reads at once': (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => reply(response, digest(chunks)));
  },
  'reads turns later': (request, response) => {
    later(5, () => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => reply(response, digest(chunks)));
    });
  },
  'reads with for await': async (request, response, log) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
      reply(response, digest(chunks));
    } catch (error) {
      log(`threw ${String(error)}`);
    }
  },
  'reads on readable': (request, response) => {
    const chunks: Buffer[] = [];
    request.on('readable', () => {
      for (let chunk = request.read(); chunk !== null; chunk = request.read()) chunks.push(chunk);
    });
    request.on('end', () => reply(response, digest(chunks)));
  },
  'reads text': (request, response) => {
    const chunks: string[] = [];
    request.setEncoding('utf8');
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => reply(response, digest(chunks)));
  },
  echoes: (request, response) => {
    request.pipe(response);
  },
  'never reads': (_request, response) => reply(response, text),
  'reads on though it has answered': (request, response) => {
    reply(response, text);
    request.resume();
  },
  'pauses and resumes': (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => {
      chunks.push(chunk);
      request.pause();
      later(1, () => request.resume());
    });
    request.on('end', () => reply(response, digest(chunks)));
  },
  'destroys the request': (request) => void request.destroy(),
};

const writers: Record<string, Handler> = {
  'writes in pieces of all kinds': (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, 'Fine', { 'Content-Type': 'text/xml', 'X-Twice': ['a', 'b'] });
      response.write(text.slice(0, 10));
      response.write(Buffer.from(text.slice(10, 20)), () => {});
      response.write(new Uint8Array(Buffer.from(text.slice(20, 30))));
      response.write(Buffer.from(text.slice(30, 40)).toString('base64'), 'base64');
      response.write('\u00e4', 'latin1', () => {});
      response.write('');
      response.end('e4', 'hex', () => {});
    });
  },
  'ends with a callback only': (request, response, log) => {
    request.resume().on('end', () => response.end(() => log('ended')));
  },
  'corks, and declares a length': (request, response) => {
    request.resume().on('end', () => {
      response.setHeader('Content-Length', Buffer.byteLength(text));
      response.cork();
      response.write(text.slice(0, 9));
      response.uncork();
      response.end(text.slice(9));
    });
  },
  'sends early hints, flushes, and adds trailers': (request, response) => {
    request.resume().on('end', () => {
      response.writeProcessing();
      response.setHeader('Trailer', 'x-t');
      response.flushHeaders();
      response.write(text);
      response.addTrailers({ 'x-t': '1' });
      response.end();
    });
  },
  'answers 204 with a body': (request, response) => {
    request.resume().on('end', () => {
      response.statusCode = 204;
      response.end('ignored');
    });
  },
  'answers one-way': (request, response) => {
    request.resume().on('end', () => response.writeHead(202).end());
  },
  'writes after the end': (request, response, log) => {
    response.on('error', (error: NodeJS.ErrnoException) => log(`error ${error.code}`));
    request.resume().on('end', () => {
      response.end(text);
      log(`write ${response.write('more')}`);
      response.end('again');
    });
  },
  'writes what cannot be written': (request, response, log) => {
    request.resume().on('end', () => {
      try {
        response.write(7);
      } catch (error) {
        log(String(error));
      }
      try {
        response.write(null);
      } catch (error) {
        log(String(error));
      }
      response.end(text);
    });
  },
  'writes until it should drain': (request, response, log) => {
    request.resume().on('end', () => {
      log(`write ${response.write('x'.repeat(3_000_000))}`);
      response.once('drain', () => {
        log('drain');
        response.end();
      });
    });
  },
  'breaks off in the middle': (request, response) => {
    request.resume().on('end', () => {
      response.write(text.slice(0, 50));
      later(3, () => response.destroy());
    });
  },
  'counts the listeners that Node and we have': (request, response, log) => {
    const counts = (emitter: NodeJS.EventEmitter): string =>
      emitter
        .eventNames()
        .map((name) => `${String(name)} ${emitter.listenerCount(name)}`)
        .join(', ');
    log(`${counts(request)} | ${counts(response)} | ${counts(request.socket)}`);
    log(`${request.readableFlowing} ${response.writableLength} ${request.listenerCount('data')}`);
    request.resume().on('end', () => response.end(text));
  },
};

async function serve(handler: Handler, pieces: readonly (string | Buffer)[], abort: boolean) {
  const log: string[] = [];
  const server = http.createServer((request, response) => {
    const events = (name: string, emitter: NodeJS.EventEmitter, what: string[]): void => {
      for (const event of what)
        emitter.on(event, (arg) => log.push(`${name} ${event} ${arg instanceof Error ? arg.message : ''}`));
    };
    events('request', request, ['end', 'close', 'error', 'aborted']);
    events('response', response, ['finish', 'close']);
    handler(request, response, (what) => log.push(what));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bytes = await exchangeBytes((server.address() as AddressInfo).port, pieces, abort);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { bytes, log };
}

describe.each(Object.entries(readers))(
  'a service that %s answers alike, byte for byte and event for event',
  (_name, handler) => {
    test.each(Object.entries(requests))('%s', async (_what, { pieces, abort }) => {
      const { without, withIt, wrongs, failures } = await withAndWithout(() => serve(handler, pieces, abort ?? false));
      expect(withIt).toEqual(without);
      expect(wrongs).toEqual([]);
      expect(failures).toBe(0);
    });
  },
);

describe('a service that writes in its own way answers alike', () => {
  test.each(Object.entries(writers))('%s', async (_name, handler) => {
    const { without, withIt, rows, wrongs, failures } = await withAndWithout(() => serve(handler, post(text), false));
    expect(withIt).toEqual(without);
    expect(wrongs).toEqual([]);
    expect(failures).toBe(0);
    expect(rows).toHaveLength(1);
    const body = without.bytes.includes('chunked')
      ? undefined
      : without.bytes.slice(without.bytes.indexOf('\r\n\r\n') + 4);
    if (body !== undefined) expect(rows[0]?.replyBytes).toBe(body.length);
  });
});
