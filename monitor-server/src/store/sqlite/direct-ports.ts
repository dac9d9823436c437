import type { Committed } from '../store.ts';
import { committedOf } from './committed-parts.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { createReader } from './reader.ts';
import type { Ports } from './store-face.ts';
import { createWriter, type WriterSettings } from './writer.ts';

/** Writer and reader in the caller's own thread, one request a commit: for tests, and for tools that need no live view. */
export function openDirectPorts(path: string, settings: WriterSettings): Ports {
  const writer = createWriter(openForWriting(path), settings);
  const reader = createReader(openForReading(path));
  const listeners = new Set<(committed: Committed) => void>();
  return {
    async write(kind, request) {
      const { answer, committed } = writer.commitOne(kind, request);
      if (committed !== null) for (const listener of listeners) listener(committedOf(committed));
      return answer;
    },
    ask: async (kind, question) => reader.ask(kind, question),
    askAside: async (kind, question) => reader.ask(kind, question),
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    rowsInWork: () => 0,
    async close() {
      reader.close();
      writer.close();
    },
  };
}
