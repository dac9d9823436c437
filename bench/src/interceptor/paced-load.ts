import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LOAD_HEADERS, type LoadSeen, type LoadWish } from './load.ts';
import { orderRequests } from './messages.ts';

interface Connection {
  readonly socket: Socket;
  /** When the request on it was due, ms. */
  dueAt: number;
}

/**
 * One request each 1/rate seconds, on a connection that is free; its latency counts from when it was due. (autocannon's rate
 * sends a second's requests at once and then waits for the next second: that measures a saturated service.) It never sleeps,
 * so that neither its own waking nor the service's waking of it is in the figure.
 */
export async function pace({ url, bytes, amount, rate, connections }: LoadWish): Promise<LoadSeen> {
  const target = new URL(url);
  const requests = orderRequests(bytes).map((body) => requestText(target.host, body));
  const free: Connection[] = [];
  const latencyMillis: number[] = [];
  let wrong = 0;
  const sockets: Socket[] = [];
  for (let index = 0; index < connections; index++) {
    const socket = connect(Number(target.port), target.hostname).setNoDelay(true);
    await once(socket, 'connect');
    const connection: Connection = { socket, dueAt: 0 };
    let reply = '';
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1');
      if (!isWhole(reply)) return;
      if (!/^HTTP\/1\.1 (?:200|500) /.test(reply)) wrong++;
      reply = '';
      latencyMillis.push(performance.now() - connection.dueAt);
      free.push(connection);
    });
    sockets.push(socket);
    free.push(connection);
  }
  const gap = 1_000 / (rate ?? 1);
  const start = performance.now();
  let sent = 0;
  while (latencyMillis.length < amount) {
    for (; sent < amount && performance.now() >= start + sent * gap && free.length > 0; sent++) {
      const connection = free.shift();
      if (connection === undefined) break;
      connection.dueAt = start + sent * gap;
      connection.socket.write(requests[sent % requests.length] ?? '');
    }
    await new Promise(setImmediate);
  }
  for (const socket of sockets) socket.destroy();
  return { requests: latencyMillis.length, wrong, latencyMillis };
}

/** A reply in chunks ends with an empty one, any other with its envelope. */
const isWhole = (reply: string): boolean => reply.endsWith('\r\n0\r\n\r\n') || reply.endsWith('Envelope>');

function requestText(host: string, body: string): string {
  const headers = Object.entries(LOAD_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /orders HTTP/1.1\r\nhost: ${host}\r\n${headers.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
