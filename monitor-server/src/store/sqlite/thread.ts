import { Worker } from 'node:worker_threads';
import type { Committed } from '../store.ts';
import { committedOf } from './committed-parts.ts';
import type { FromThread, ThreadSettings } from './thread-messages.ts';

/** A worker thread that answers requests by id. */
export interface Thread {
  /** The answer is whatever the thread posted: both ends are ours. Rejects when the thread fails or dies. */
  ask(message: object, handedOver?: readonly ArrayBuffer[]): Promise<never>;
  close(): Promise<void>;
}

/** A message as it arrives: the answer is of the type that the asker expects, because both ends share one table of types. */
type Received = Exclude<FromThread, { kind: 'answer' }> | { kind: 'answer'; id: number; answer: never };

/** Requests that wait for one thread, at most; beyond it a request is refused at once. */
const WAITING_MAX = 10_000;

/** Starts a thread and resolves when it is ready; rejects with its own line when it cannot begin. */
export function startThread(
  name: 'writer-thread' | 'reader-thread',
  settings: ThreadSettings,
  onCommitted: (committed: Committed) => void,
): Promise<Thread> {
  const worker = new Worker(builtFile(name), { workerData: settings, execArgv: [], name });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let dead: Error | null = null;
  let closed: (() => void) | null = null;

  const die = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
    closed?.();
  };
  const settle = (
    id: number,
    how: (pending: { resolve: (answer: never) => void; reject: (error: Error) => void }) => void,
  ) => {
    const pending = waiting.get(id);
    waiting.delete(id);
    if (pending !== undefined) how(pending);
  };

  const thread: Thread = {
    ask(message, handedOver = []) {
      if (dead !== null) return Promise.reject(dead);
      if (waiting.size >= WAITING_MAX) return Promise.reject(new Error(`the store's ${name} has too much to do`));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ ...message, id }, [...handedOver]);
      });
    },
    async close() {
      if (dead === null) {
        await new Promise<void>((resolve) => {
          closed = resolve;
          worker.postMessage('close');
        });
        die(new Error('the store is closed'));
      }
      await worker.terminate();
    },
  };

  return new Promise((resolve, reject) => {
    worker.on('message', (message: Received) => {
      switch (message.kind) {
        case 'ready':
          return resolve(thread);
        case 'failed':
          reject(new Error(message.message));
          return void worker.terminate();
        case 'committed':
          return onCommitted(committedOf(message.committed));
        case 'closed':
          return closed?.();
        case 'error':
          return settle(message.id, (pending) => pending.reject(new Error(message.message)));
        case 'answer':
          return settle(message.id, (pending) => pending.resolve(message.answer));
      }
    });
    worker.on('error', (error) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      die(cause);
      reject(cause);
    });
    worker.on('exit', (code) => die(new Error(`the store's ${name} ended (${code})`)));
  });
}

/** Threads run from dist, also when the rest runs from source (tests): the package is built before. */
function builtFile(name: string): URL {
  const here = import.meta.url;
  return here.endsWith('.ts') ? new URL(`../../../dist/store/sqlite/${name}.js`, here) : new URL(`./${name}.js`, here);
}
