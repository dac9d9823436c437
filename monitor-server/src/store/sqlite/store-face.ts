import type { Committed, CountingStore } from '../store.ts';
import { keyOf } from './exchange-key.ts';
import type { Answers, QuestionKind, Questions } from './reader.ts';
import type { WriteAnswers, WriteKind, Writes } from './writer.ts';

/** How the face reaches the writer and the reader: through threads, or directly in a test. */
export interface Ports {
  write<K extends WriteKind>(kind: K, request: Writes[K]): Promise<WriteAnswers[K]>;
  ask<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]>;
  /** By a reader of its own: files, and spans out. No other question waits for these. */
  askAside<K extends QuestionKind>(kind: K, question: Questions[K]): Promise<Answers[K]>;
  onCommitted(listener: (committed: Committed) => void): () => void;
  /** Rows handed to the writer and not answered yet. */
  rowsInWork(): number;
  close(): Promise<void>;
}

/** A report more would only wait: some seconds of a full load. */
const ROWS_IN_WORK_MAX = 50_000;

/** The store as its users see it, over the ports. */
export function createStoreFace(ports: Ports): CountingStore {
  const { write, ask, askAside } = ports;
  return {
    append: (report, receipt) => write('append', { report, receipt }),
    settle: (now, waitMicros, silentMicros, isSetForward = false) =>
      write('settle', { now, waitMicros, silentMicros, isSetForward }),
    async recordStates(changes) {
      await write('recordStates', { changes });
    },
    subscribe: ports.onCommitted,
    read: (query) => ask('read', query),
    replayPage: (query) => ask('replayPage', query),
    picture: (at) => ask('picture', at),
    topology: (window, level) => ask('topology', { window, level }),
    traffic: (query) => ask('traffic', query),
    exchanges: (query) => ask('exchanges', query),
    exchange: (id) => ask('exchange', id),
    transaction: (id) => ask('transaction', id),
    compare: (window, window2, level) => ask('compare', { window, window2, level }),
    nodes: (cursor, limit) => ask('nodes', { cursor, limit }),
    links: (cursor, limit) => ask('links', { cursor, limit }),
    node: (id) => ask('node', id),
    nodeProcesses: (id, now) => ask('nodeProcesses', { id, now }),
    states: (node, window, cursor, limit) => ask('states', { node, window, cursor, limit }),
    stateChanges: (window, cursor, limit) => ask('stateChanges', { window, cursor, limit }),
    current: (now) => ask('current', now),
    async *export(query) {
      let cursor = query.cursor;
      do {
        const page = await askAside('details', { ...query, cursor });
        if (page.details.length > 0) yield page.details;
        cursor = page.cursor;
      } while (cursor !== null);
    },
    aside: {
      topology: (window, level) => askAside('topology', { window, level }),
      traffic: (query) => askAside('traffic', query),
      node: (id) => askAside('node', id),
    },
    arrivals: (query) => askAside('arrivals', query),
    placeOf: keyOf,
    processes: () => ask('processes', null),
    accounting: (now) => ask('accounting', now),
    view: (id) => ask('view', id),
    putView: (id, view, ifMatch) => write('putView', { id, view, ifMatch }),
    placeNode: (id, node, place) => write('placeNode', { id, node, place }),
    async forget(before, more = {}) {
      let expired = 0;
      for (;;) {
        const step = await write('forget', { ...more, before });
        expired += step.expired;
        if (step.done) return { expired };
      }
    },
    check: () => ask('check', null),
    counts: () => write('counts', null),
    rowsInWork: () => ports.rowsInWork(),
    isBusy: () => ports.rowsInWork() > ROWS_IN_WORK_MAX,
    close: () => ports.close(),
  };
}
