import { openCurrentForReading } from './open-database.ts';
import type { Ports } from './store-face.ts';
import { startThread } from './thread.ts';

/** A reader alone, in a thread of its own, beside whatever process writes the database. Throws one clear line. */
export async function openReadingPorts(path: string): Promise<Ports> {
  openCurrentForReading(path).close();
  const reader = await startThread('reader-thread', { path, retentionMicros: 0, now: 0 }, () => {});
  return {
    write: (kind) => Promise.reject(new Error(`${path} is open for reading only: no ${kind}`)),
    ask: (kind, question) => reader.ask({ kind, question }),
    askAside: (kind, question) => reader.ask({ kind, question }),
    onCommitted: () => () => {},
    rowsInWork: () => 0,
    close: () => reader.close(),
  };
}
