import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import axios from 'axios';
import { describe, expect, test } from 'vitest';
import { withAndWithout } from '../testing/differential.ts';
import { greetRequest } from '../testing/greeter.ts';

const text = greetRequest('ada');
const ok = `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

/** What the peer does once the request's head and body are there. */
const peers: Record<string, (socket: Socket) => void> = {
  answers: (socket) => void socket.end(ok),
  'answers in one-byte pieces': async (socket) => {
    for (const byte of ok) await new Promise<void>((written) => socket.write(byte, () => written()));
    socket.end();
  },
  'answers chunked with trailers': (socket) =>
    void socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n4\r\n</a>\r\n0\r\nX: y\r\n\r\n`),
  'answers until it closes': (socket) => void socket.end(`HTTP/1.0 200 OK\r\n\r\n${text}`),
  'gives hints first': (socket) => void socket.end(`HTTP/1.1 102 Processing\r\n\r\n${ok}`),
  'answers 204': (socket) => void socket.end('HTTP/1.1 204 No Content\r\n\r\n'),
  'answers 500 with a fault': (socket) => void socket.end(ok.replace('200 OK', '500 Sorry')),
  redirects: (socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n'),
  'breaks off in the head': (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-'),
  'breaks off in the body': (socket) => void socket.end(ok.slice(0, -10)),
  'resets without a word': (socket) => void socket.resetAndDestroy(),
  'answers nonsense': (socket) => void socket.end('what?\r\n\r\n'),
  'says nothing': () => {},
};

type Caller = (port: number, log: (what: string) => void, timeout: number) => Promise<unknown>;

const watch = (request: http.ClientRequest, log: (what: string) => void, read: 'all' | 'none' | 'late' = 'all') =>
  new Promise<void>((resolve) => {
    for (const event of ['socket', 'finish', 'continue', 'information', 'timeout', 'abort', 'drain'])
      request.on(event, () => log(event));
    request.on('error', (error: NodeJS.ErrnoException) => log(`error ${error.code} ${error.message}`));
    request.on('response', (response) => {
      log(`response ${response.statusCode} ${JSON.stringify(response.rawHeaders)}`);
      let body = '';
      for (const event of ['end', 'aborted', 'close'])
        response.on(event, () => log(`response ${event} ${response.complete}`));
      response.on('error', (error: NodeJS.ErrnoException) => log(`response error ${error.code}`));
      const readAll = (): unknown => response.on('data', (chunk) => (body += chunk)).on('end', () => log(body));
      if (read === 'all') readAll();
      else if (read === 'late') setImmediate(() => setImmediate(readAll));
      else response.destroy();
    });
    request.on('close', () => {
      log('close');
      setImmediate(resolve);
    });
  });

const options = (port: number, timeout: number): http.RequestOptions => ({
  port,
  host: '127.0.0.1',
  path: '/s?q=1',
  method: 'POST',
  agent: false,
  timeout,
  headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '"urn:a"', 'X-Custom': 'Kept-As-Is', Host: 'h' },
});
const giveUp = (request: http.ClientRequest): http.ClientRequest => request.on('timeout', () => request.destroy());

const callers: Record<string, Caller> = {
  'http.request with end(body)': (port, log, timeout) => {
    const request = giveUp(http.request(options(port, timeout)));
    const done = watch(request, log);
    request.end(text);
    return done;
  },
  'http.request in pieces, read late': (port, log, timeout) => {
    const request = giveUp(http.request(options(port, timeout)));
    const done = watch(request, log, 'late');
    log(`write ${request.write(text.slice(0, 9))}`);
    request.write(Buffer.from(text.slice(9, 20)), () => log('written'));
    request.end('c3a4', 'hex', () => log('ended'));
    return done;
  },
  'http.request from a stream': (port, log, timeout) => {
    const request = giveUp(http.request(options(port, timeout)));
    const done = watch(request, log);
    Readable.from([text.slice(0, 30), text.slice(30)]).pipe(request);
    return done;
  },
  'http.request with a list of headers': (port, log, timeout) => {
    const request = giveUp(
      http.request({ ...options(port, timeout), headers: ['Host', 'h', 'Content-Type', 'text/xml', 'X', 'y'] }),
    );
    const done = watch(request, log);
    request.end(text);
    return done;
  },
  'http.request that does not want the reply': (port, log, timeout) => {
    const request = giveUp(http.request(options(port, timeout)));
    const done = watch(request, log, 'none');
    request.end(text);
    return done;
  },
  'http.request destroyed before it is written': (port, log, timeout) => {
    const request = http.request(options(port, timeout));
    const done = watch(request, log);
    request.destroy(new Error('changed my mind'));
    return done;
  },
  'http.request without any response listener': (port, log, timeout) =>
    new Promise<void>((resolve) => {
      const request = giveUp(http.request(options(port, timeout)));
      request.on('error', (error) => log(error.message));
      request.on('close', () => {
        log(`listeners ${request.listenerCount('response')} ${request.listenerCount('error')}`);
        resolve();
      });
      request.end(text);
    }),
  axios: async (port, log, timeout) => {
    try {
      const reply = await axios.post(`http://127.0.0.1:${port}/s`, text, {
        headers: { 'Content-Type': 'text/xml', Host: 'h' },
        timeout,
        maxRedirects: 0,
        validateStatus: null,
        httpAgent: new http.Agent(),
      });
      log(`${reply.status} ${JSON.stringify(reply.headers)} ${reply.data}`);
    } catch (error) {
      log(String(error));
    }
  },
};

async function callPeer(answer: (socket: Socket) => void, caller: Caller, timeout: number) {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let bytes = '';
    let hasAnswered = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      const head = bytes.indexOf('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(bytes)?.[1];
      const isWhole = length === undefined ? bytes.endsWith('0\r\n\r\n') : bytes.length >= head + 4 + Number(length);
      if (head < 0 || !isWhole || hasAnswered) return;
      hasAnswered = true;
      received.push(bytes);
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const log: string[] = [];
  await caller(port, (what) => log.push(what), timeout);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return {
    received: received.map((bytes) => bytes.replaceAll(String(port), 'PORT')),
    log: log.map((line) => line.replaceAll(String(port), 'PORT')),
  };
}

describe.each(Object.entries(callers))('%s sends and gets the same', (_caller, caller) => {
  test.each(Object.entries(peers))('from a peer that %s', async (name, peer) => {
    // Long enough that only the peer that says nothing runs into it, on a busy machine too.
    const timeout = name === 'says nothing' ? 60 : 10_000;
    const { without, withIt, wrongs, failures } = await withAndWithout(() => callPeer(peer, caller, timeout));
    expect(withIt).toEqual(without);
    expect(wrongs).toEqual([]);
    expect(failures).toBe(0);
  });
});

test('a call to nobody fails alike', async () => {
  const run = async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const logs: string[][] = [];
    for (const caller of Object.values(callers)) {
      const log: string[] = [];
      await caller(port, (what) => log.push(what.replaceAll(String(port), 'PORT')), 10_000);
      logs.push(log);
    }
    return logs;
  };
  const { without, withIt, rows } = await withAndWithout(run);
  expect(withIt).toEqual(without);
  expect(rows.map((row) => row.outcome)).toContain('refused');
});

test('an error that nobody listens for is thrown as it would be', async () => {
  const run = () =>
    new Promise<string>((resolve) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error: NodeJS.ErrnoException) => {
        for (const other of others) process.on('uncaughtException', other);
        resolve(`${error.code} ${error.message.replace(/\d+$/, '')}`);
      });
      http.request({ ...options(1, 5_000), agent: false, port: 1 }).end(text);
    });
  const { without, withIt } = await withAndWithout(run);
  expect(without).toContain('ECONNREFUSED');
  expect(withIt).toBe(without);
});
