import type { Server as HttpServer } from 'node:http';
import type { Delta, LiveClientEvents, LiveServerEvents } from '@soa-monitor/protocol';
import { Server, type Socket } from 'socket.io';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { decodeWatch } from './decode-watch.ts';
import type { DeltaRing } from './delta-ring.ts';
import { createViewerStream, type ViewerStream } from './viewer-stream.ts';

type ViewerSocket = Socket<LiveClientEvents, LiveServerEvents>;

/** The socket.io namespace /live: who watches, and what each is sent. */
export interface LiveChannel {
  viewers(): number;
  /** Those whose line is full just now: they are sent nothing until it is not. */
  slowViewers(): number;
  /** Sends the ring's newest delta to those who are abreast, encoded once; the others catch up by themselves. */
  publish(delta: Delta): void;
  /** Tells that a view was changed. */
  announceView(id: string): void;
  close(): void;
}

const INBOUND_BYTES_MAX = 16 * 1024;
const VIEWS_PENDING_MAX = 100;
const JOIN_MILLIS = 5_000;

export function createLiveChannel(
  parts: {
    readonly http: HttpServer;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
    readonly ring: DeltaRing;
    readonly epoch: string;
    readonly takeSnapshot: () => Promise<Delta | null>;
  },
  settings: { readonly viewersMax: number },
): LiveChannel {
  const { http, clock, log, metrics, ring, epoch, takeSnapshot } = parts;
  const io = new Server<LiveClientEvents, LiveServerEvents>(http, {
    serveClient: false,
    maxHttpBufferSize: INBOUND_BYTES_MAX,
    connectTimeout: JOIN_MILLIS,
    transports: ['websocket', 'polling'],
    allowRequest: (_request, answer) => {
      const isFull = io.engine.clientsCount >= settings.viewersMax;
      answer(isFull ? 'too many viewers' : null, !isFull);
    },
  });
  const live = io.of('/live');
  const viewers = new Map<string, { readonly stream: ViewerStream; readonly pendingViews: Set<string> }>();

  // Only /live is there; without this every connection could also sit in the default namespace.
  io.use((_socket, next) => next(new Error('no such namespace')));
  io.engine.on('connection_error', ({ code, message }: { code: number; message: string }) => {
    log.debug({ code, reason: message }, 'a live connection was refused');
  });

  live.on('connection', (socket: ViewerSocket) => {
    const stream = createViewerStream({ line: lineOf(socket), ring, clock, metrics, takeSnapshot });
    const pendingViews = new Set<string>();
    viewers.set(socket.id, { stream, pendingViews });
    onWritable(socket, () => {
      for (const id of pendingViews) socket.emit('view', id);
      pendingViews.clear();
      stream.pump();
    });
    socket.on('watch', (request: unknown) => {
      const { deltaSeq, sample } = decodeWatch(request, epoch);
      stream.watch(deltaSeq, sample);
    });
    socket.on('clock', (answer: unknown) => {
      // A viewer that does not read is not answered either, or its answers would pile up.
      if (typeof answer === 'function' && isWritable(socket)) answer(clock.now());
    });
    socket.on('error', (error) => log.warn({ err: error }, 'a viewer sent what cannot be read'));
    socket.on('disconnect', () => {
      stream.close();
      viewers.delete(socket.id);
    });
  });

  return {
    viewers: () => viewers.size,
    slowViewers: () => [...live.sockets.values()].filter((socket) => !isWritable(socket)).length,
    publish(delta) {
      const abreast: string[] = [];
      for (const [id, { stream }] of viewers) {
        if (stream.isAbreast(delta)) abreast.push(id);
        else stream.pump();
      }
      if (abreast.length === 0) return;
      live.to(abreast).emit('delta', delta);
      for (const id of abreast) viewers.get(id)?.stream.skipTo(delta.deltaSeq);
    },
    announceView(id) {
      for (const [socketId, viewer] of viewers) {
        const socket = live.sockets.get(socketId);
        if (socket && isWritable(socket)) socket.emit('view', id);
        else if (viewer.pendingViews.size < VIEWS_PENDING_MAX) viewer.pendingViews.add(id);
      }
    },
    close() {
      for (const { stream } of viewers.values()) stream.close();
      live.disconnectSockets(true);
      io.engine.close();
    },
  };
}

const isWritable = (socket: ViewerSocket): boolean => socket.conn.transport.writable;

const lineOf = (socket: ViewerSocket) => ({
  isWritable: () => isWritable(socket),
  snapshot: (snapshot: Delta) => void socket.emit('snapshot', snapshot),
  delta: (delta: Delta) => void socket.emit('delta', delta),
});

/** `ready` is the transport's word for "all has left"; the transport itself changes when polling is upgraded. */
function onWritable(socket: ViewerSocket, run: () => void): void {
  socket.conn.transport.on('ready', run);
  socket.conn.on('upgrade', () => {
    socket.conn.transport.on('ready', run);
    run();
  });
}
