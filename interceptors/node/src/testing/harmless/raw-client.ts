import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { ANONYMOUS } from './dimensions/servers.ts';
import type { Trial } from './trial.ts';

/** A peer that speaks bytes and writes down every byte it gets. */
export interface RawClient {
  readonly socket: Socket;
  write(piece: string | Buffer): Promise<void>;
  /** Until `condition` holds of all that came so far, or the connection is closed. */
  until(condition: (received: string) => boolean): Promise<void>;
  received(): string;
  /** Until the other side closes, or says nothing for so long that this one hangs up. */
  end(): Promise<void>;
}

/**
 * Where nothing more is said, it is over. Counted in turns of the event loop and not in time alone: both sides live on it,
 * so that on a busy machine both have had them.
 */
const TURN_MILLIS = 15;
const SILENT_TURNS = 20;
/** For a service that takes a second. */
const SILENT_TURNS_PATIENT = 120;

export async function connectRaw(port: number, isTls: boolean, trial: Trial, isPatient = false): Promise<RawClient> {
  const socket = isTls
    ? tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...ANONYMOUS })
    : net.connect(port, '127.0.0.1');
  let received = '';
  let isClosed = false;
  let silentTurns = 0;
  const waiting = new Set<() => void>();
  const check = (): void => {
    for (const each of [...waiting]) each();
  };
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    trial.wire('client got', chunk);
    silentTurns = 0;
    check();
  });
  // A reset may come instead of an end when bytes were left unread: the kernel's choice, and none of the service's.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      isClosed = true;
      check();
      resolve();
    }),
  );
  const hangUp = new Promise<void>((resolve) => {
    const patience = isPatient ? SILENT_TURNS_PATIENT : SILENT_TURNS;
    const timer = setInterval(() => {
      if (++silentTurns < patience) return;
      clearInterval(timer);
      trial.log('client', 'hangs up');
      socket.destroy();
      resolve();
    }, TURN_MILLIS);
    socket.on('close', () => clearInterval(timer));
  });
  trial.whenDone(() => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once(isTls ? 'secureConnect' : 'connect', resolve);
    socket.once('close', () => resolve());
  });
  return {
    socket,
    write: async (piece) => {
      silentTurns = 0;
      if (socket.destroyed) return;
      await new Promise<void>((written) => socket.write(piece, () => written()));
      await new Promise((next) => setImmediate(next));
    },
    until: (condition) =>
      new Promise((resolve) => {
        const each = (): void => {
          if (!isClosed && !condition(received)) return;
          waiting.delete(each);
          resolve();
        };
        waiting.add(each);
        each();
      }),
    received: () => received,
    end: async () => {
      await Promise.race([closed, hangUp]);
    },
  };
}

/** How many whole replies stand in `received`; `methods` are those of the requests in their order. */
export function countReplies(received: string, methods: readonly string[]): number {
  let at = 0;
  for (let count = 0; ; count++) {
    let headEnd = received.indexOf('\r\n\r\n', at);
    // What comes before the reply: 100, 102, 103.
    while (headEnd >= 0 && /^HTTP\/1\.1 1\d\d /.test(received.slice(at, at + 13))) {
      at = headEnd + 4;
      headEnd = received.indexOf('\r\n\r\n', at);
    }
    if (headEnd < 0) return count;
    const head = received.slice(at, headEnd).toLowerCase();
    const body = headEnd + 4;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    if (methods[count] === 'HEAD' || /^http\/1\.1 (204|304)/.test(head)) at = body;
    else if (/\r\ntransfer-encoding: *chunked/.test(head)) {
      const end = /(?:^|\r\n)0\r\n(?:[^\r]+\r\n)*\r\n/.exec(received.slice(body));
      if (end === null) return count;
      at = body + end.index + end[0].length;
    } else if (length !== undefined) {
      at = body + Number(length);
      if (received.length < at) return count;
    } else return count;
  }
}
