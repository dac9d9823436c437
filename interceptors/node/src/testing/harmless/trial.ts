import type { EventEmitter } from 'node:events';
import { comparableText } from './comparable.ts';
import type { Dimensions, Row } from './cover.ts';

/** A family of cases: the tables it combines, and what is done with one row of them. */
export interface Scenario {
  readonly group: string;
  readonly dimensions: Dimensions;
  readonly strength: 2 | 3;
  readonly isPossible: (row: Row) => boolean;
  readonly run: (row: Row, trial: Trial) => Promise<void>;
}

/** Moments at which the interceptor may come or go. */
export type Moment = 'begin' | 'listening' | 'middle';

/** What a scenario writes down: all that a host and its peers can notice. */
export interface Trial {
  log(who: string, what: string): void;
  /** Bytes as they pass; pieces that follow each other are one, since the kernel cuts them as it likes. */
  data(who: string, what: string, bytes: number): void;
  wire(which: string, chunk: Buffer | string): void;
  /** A port that differs from run to run. */
  port(port: number): void;
  /** Replies are echoes: their chunks are the pieces in which the kernel delivered the request. */
  echoes(): void;
  at(moment: Moment): Promise<void>;
  whenDone(close: () => unknown): void;
}

export interface Transcript {
  readonly lines: { readonly [who: string]: readonly string[] };
  readonly wires: { readonly [which: string]: string };
  readonly end: string;
}

export interface RecordedTrial extends Trial {
  close(): Promise<void>;
  transcript(end: string): Transcript;
}

export function createTrial(at: (moment: Moment) => Promise<void>): RecordedTrial {
  const lines: { [who: string]: string[] } = {};
  const wires: { [which: string]: Buffer[] } = {};
  const ports: number[] = [];
  const closers: (() => unknown)[] = [];
  let isEcho = false;
  let last: { who: string; what: string; bytes: number } | null = null;
  let isOver = false;
  const log = (who: string, what: string): void => {
    if (isOver) return;
    last = null;
    lines[who] ??= [];
    lines[who].push(what);
  };
  return {
    log,
    data: (who, what, bytes) => {
      if (isOver) return;
      if (last?.who === who && last.what === what) {
        lines[who]?.pop();
        bytes += last.bytes;
      }
      log(who, `${what} ${bytes} bytes`);
      last = { who, what, bytes };
    },
    wire: (which, chunk) => {
      if (isOver) return;
      wires[which] ??= [];
      wires[which].push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk);
    },
    port: (port) => void ports.push(port),
    echoes: () => {
      isEcho = true;
    },
    at,
    whenDone: (close) => void closers.push(close),
    close: async () => {
      isOver = true;
      for (const close of closers.splice(0).reverse()) await close();
    },
    transcript: (end) => ({
      lines: Object.fromEntries(
        Object.entries(lines).map(([who, texts]) => [who, texts.map((text) => comparableText(text, ports))]),
      ),
      wires: Object.fromEntries(
        Object.entries(wires).map(([which, chunks]) => [
          which,
          comparableText(Buffer.concat(chunks).toString('latin1'), ports, isEcho),
        ]),
      ),
      end: comparableText(end, ports),
    }),
  };
}

/** Writes down the events of an emitter in their order. Listening to these changes nothing but the count of listeners. */
export function watch(trial: Trial, who: string, emitter: EventEmitter, events: readonly string[]): void {
  for (const event of events) emitter.on(event, (arg: unknown) => trial.log(who, `${event}${described(arg)}`));
}

export function described(value: unknown): string {
  if (!(value instanceof Error)) return '';
  const { code, cause } = value as NodeJS.ErrnoException;
  return ` ${value.name} ${code ?? ''} ${value.message}${cause === undefined ? '' : ` (${described(cause).trim()})`}`;
}

export const listenerCounts = (emitter: EventEmitter): string =>
  emitter
    .eventNames()
    .map((name) => `${String(name)} ${emitter.listenerCount(name)}`)
    .join(', ');
