import type { AddressInfo } from 'node:net';
import net from 'node:net';

/** One end of a connection, as a test plays it. Texts are latin1, one character a byte. */
export interface Peer {
  readonly socket: net.Socket;
  send(bytes: string | Buffer): void;
  end(): void;
  reset(): void;
  /** Until the text was heard (again, behind what was waited for before). */
  heard(text: string): Promise<void>;
  /** Until the other side sent its last byte, or hung up. */
  ended(): Promise<void>;
  /** Everything heard, and how it ended. */
  readonly closed: Promise<Heard>;
}

export interface Heard {
  readonly bytes: string;
  readonly ending: 'end' | 'reset';
}

export function createPeer(socket: net.Socket): Peer {
  let bytes = '';
  let from = 0;
  let hasEnded = false;
  let isReset = false;
  const waiting = new Set<() => void>();
  const check = (): void => {
    for (const each of [...waiting]) each();
  };
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const each = (): void => {
        if (!condition()) return;
        waiting.delete(each);
        resolve();
      };
      waiting.add(each);
      each();
    });
  socket.on('data', (piece: Buffer) => {
    bytes += piece.toString('latin1');
    check();
  });
  socket.on('end', () => {
    hasEnded = true;
    check();
  });
  socket.on('error', () => {
    isReset = true;
  });
  const closed = new Promise<Heard>((resolve) => {
    socket.on('close', () => {
      check();
      resolve({ bytes, ending: isReset || !hasEnded ? 'reset' : 'end' });
    });
  });
  return {
    socket,
    send: (text) => {
      socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    },
    end: () => {
      socket.end();
    },
    reset: () => {
      socket.resetAndDestroy();
    },
    heard: async (text) => {
      await until(() => bytes.includes(text, from) || socket.destroyed);
      from = Math.max(from, bytes.indexOf(text, from) + text.length);
    },
    ended: () => until(() => hasEnded || socket.destroyed),
    closed,
  };
}

export type Play = (peer: Peer) => Promise<void> | void;

/** A target that plays its part on each connection. */
export async function playTarget(
  whenDone: (close: () => unknown) => void,
  play: Play,
): Promise<{ readonly port: number; readonly peers: Promise<Peer>; readonly connections: () => number }> {
  let connections = 0;
  let tellPeer: (peer: Peer) => void = () => undefined;
  const peers = new Promise<Peer>((resolve) => {
    tellPeer = resolve;
  });
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections++;
    sockets.add(socket);
    const peer = createPeer(socket);
    tellPeer(peer);
    void play(peer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, peers, connections: () => connections };
}

export async function playCaller(port: number, play: Play): Promise<Peer> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const peer = createPeer(socket);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  await play(peer);
  return peer;
}
