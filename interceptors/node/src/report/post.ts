import { ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** One method: sends a report, and says what came of it. Never rejects. */
export interface Poster {
  post(report: string): Promise<Posted>;
  isOwnAgent(agent: unknown): boolean;
  close(): void;
}

/** From the first byte to the whole answer. A monitor that hangs costs one connection, and no more. */
const ANSWER_MILLIS_MAX = 10_000;
/** A connection being made keeps the process alive, whatever is unref'd: libuv counts the attempt. */
const CONNECT_MILLIS_MAX = 2_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
/** What shrinks by more than a hundred is a bomb to the monitor: captured bodies that all say the same go as they are. */
const RATIO_MAX = 90;
const compress = promisify(gzip);

/** Posts over one kept connection. Its socket and timers are unref'd: they keep no process alive. */
export function createPoster(url: URL, key: string | null): Poster {
  const isSecure = url.protocol === 'https:';
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(url);
  const headers = {
    'content-type': 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  };

  const send = (body: Buffer, encoding: 'gzip' | 'identity'): Promise<Posted> =>
    new Promise((resolve) => {
      // Not http.request(): whoever else has wrapped that one must not count our reports among the host's calls.
      const outgoing = new ClientRequest({
        protocol: protocol ?? null,
        hostname: hostname ?? null,
        port: port ?? null,
        path: path ?? null,
        auth: auth ?? null,
        method: 'POST',
        agent,
        headers: { ...headers, 'content-encoding': encoding, 'content-length': body.byteLength },
      });
      const limit = setTimeout(() => outgoing.destroy(new Error('no answer in time')), ANSWER_MILLIS_MAX).unref();
      const settle = (posted: Posted): void => {
        clearTimeout(limit);
        resolve(posted);
      };
      const fail = (reason: string): void => settle({ kind: 'unreachable', reason });
      outgoing.on('socket', (socket) => {
        socket.unref();
        if (!socket.connecting) return;
        const patience = setTimeout(
          () => socket.destroy(new Error('no connection in time')),
          CONNECT_MILLIS_MAX,
        ).unref();
        socket.once('connect', () => clearTimeout(patience));
        socket.once('close', () => clearTimeout(patience));
      });
      outgoing.on('error', (error) => fail(error.message));
      outgoing.on('close', () => fail('the connection closed before the answer'));
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes > ANSWER_BYTES_MAX) outgoing.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', (error) => fail(error.message));
        response.on('end', () =>
          settle({
            kind: 'answered',
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'] ?? null,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      outgoing.end(body);
    });

  return {
    // Level 1: nine tenths of the bytes for the least work, and it runs beside the event loop.
    post: async (report) => {
      const compressed = await compress(report, { level: 1 });
      if (Buffer.byteLength(report) <= compressed.byteLength * RATIO_MAX) return send(compressed, 'gzip');
      return send(Buffer.from(report), 'identity');
    },
    isOwnAgent: (candidate) => candidate === agent,
    close: () => agent.destroy(),
  };
}
