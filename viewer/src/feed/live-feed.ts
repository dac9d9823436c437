import { type Accounting, type Delta, deltaSchema, type FeedItems, type WatchRequest } from '@soa-monitor/protocol';
import { conforms } from './conforms.ts';

/** What the live feed needs of a socket; socket.io-client's is one. */
export interface LiveSocket {
  on(event: string, listener: (...args: readonly unknown[]) => void): void;
  emit(event: string, ...args: readonly unknown[]): void;
  close(): void;
}

export interface LiveListener {
  /** All that was known is replaced. */
  snapshot(items: FeedItems): void;
  delta(items: FeedItems): void;
  told(news: { readonly sample: number; readonly accounting: Accounting | null }): void;
  /** A question of the clock was answered: asked and heard in local µs, the answer in the server's. */
  clock(asked: number, answer: number, heard: number): void;
  viewChanged(id: string): void;
  link(state: LinkState): void;
}

/** stale: connected, but nothing was heard for a while. */
export type LinkState = 'connecting' | 'connected' | 'stale' | 'disconnected';

export interface LiveFeed {
  setSample(sample: number): void;
  close(): void;
}

export interface LiveFeedParts {
  readonly connect: () => LiveSocket;
  /** Local µs. */
  readonly now: () => number;
  /** Calls until undone. */
  readonly every: (millis: number, call: () => void) => () => void;
}

/** Nothing heard for so long, not even an answer about the clock. */
export const STALE_MICROS = 5_000_000;
const TICK_MILLIS = 500;
/** The clock is asked often at first, then now and then. */
const CLOCK_EAGER_ASKS = 8;
const CLOCK_CALM_TICKS = 4;
/** A gap that was not filled after this is met with a new snapshot. */
const REFILL_MICROS = 2_000_000;

export function createLiveFeed(parts: LiveFeedParts, listener: LiveListener, settings: { sample: number }): LiveFeed {
  let sample = settings.sample;
  let stream: Stream | null = null;
  let refillAsked: number | null = null;
  let heardAt = parts.now();
  let isOpen = false;
  let ticks = 0;
  let link: LinkState = 'connecting';
  const socket = parts.connect();

  function show(state: LinkState): void {
    if (state === link) return;
    link = state;
    listener.link(state);
  }

  function heard(): void {
    heardAt = parts.now();
    if (isOpen) show('connected');
  }

  function watch(from: Stream | null): void {
    const request: WatchRequest = from === null ? { sample } : { ...from, sample };
    socket.emit('watch', request);
  }

  function begin(): void {
    isOpen = true;
    ticks = 0;
    refillAsked = null;
    heard();
    watch(stream);
    askClock();
  }

  function take(snapshot: Delta): void {
    stream = { epoch: snapshot.epoch, deltaSeq: snapshot.deltaSeq };
    refillAsked = null;
    listener.snapshot(snapshot);
    listener.told(snapshot);
  }

  function add(delta: Delta): void {
    // Not watching yet, or another life of the server: what it says has no beginning here.
    if (stream === null || delta.epoch !== stream.epoch) {
      stream = null;
      askAgain(null);
      return;
    }
    // Items are absolute: what comes twice or early does no harm, only the count of what was heard must have no gap.
    listener.delta(delta);
    listener.told(delta);
    if (delta.deltaSeq === stream.deltaSeq + 1) {
      stream = { ...stream, deltaSeq: delta.deltaSeq };
      refillAsked = null;
    } else if (delta.deltaSeq > stream.deltaSeq) askAgain(stream);
  }

  /** Once, until it is answered; an answer that does not come is asked for as a snapshot. */
  function askAgain(from: Stream | null): void {
    const now = parts.now();
    if (refillAsked !== null && now - refillAsked < REFILL_MICROS) return;
    const isSecond = refillAsked !== null;
    refillAsked = now;
    watch(isSecond ? null : from);
  }

  function askClock(): void {
    const asked = parts.now();
    socket.emit('clock', (answer: unknown) => {
      if (typeof answer !== 'number') return;
      heard();
      listener.clock(asked, answer, parts.now());
    });
  }

  function tick(): void {
    if (!isOpen) return;
    ticks++;
    if (ticks <= CLOCK_EAGER_ASKS || ticks % CLOCK_CALM_TICKS === 0) askClock();
    if (parts.now() - heardAt > STALE_MICROS) show('stale');
  }

  function lost(): void {
    isOpen = false;
    show('disconnected');
  }

  socket.on('connect', begin);
  socket.on('disconnect', lost);
  socket.on('connect_error', lost);
  socket.on('snapshot', (value) => {
    heard();
    if (conforms(deltaSchema, value)) take(value);
  });
  socket.on('delta', (value) => {
    heard();
    if (conforms(deltaSchema, value)) add(value);
    else askAgain(null);
  });
  socket.on('view', (id) => {
    if (typeof id === 'string') listener.viewChanged(id);
  });
  const stop = parts.every(TICK_MILLIS, tick);

  return {
    setSample(wanted) {
      sample = wanted;
      if (isOpen) watch(null);
    },
    close() {
      stop();
      socket.close();
    },
  };
}

/** Where in which life of the server we are. */
interface Stream {
  readonly epoch: string;
  readonly deltaSeq: number;
}
