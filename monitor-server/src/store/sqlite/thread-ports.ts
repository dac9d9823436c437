import type { Committed } from '../store.ts';
import { packReport } from './packed-report.ts';
import type { Ports } from './store-face.ts';
import { startThread, type Thread } from './thread.ts';
import type { ThreadSettings } from './thread-messages.ts';

/** The writer, the reader, and the one for what takes long, each in a thread of its own. */
export async function openThreadPorts(settings: ThreadSettings): Promise<Ports> {
  const listeners = new Set<(committed: Committed) => void>();
  let rowsInWork = 0;
  const writer = await startThread('writer-thread', settings, (committed) => {
    for (const listener of listeners) listener(committed);
  });
  const reader = await startThread('reader-thread', settings, () => {});
  /** Begins with the first file or span. */
  let aside: Promise<Thread> | null = null;
  return {
    async write(kind, request) {
      const rows = request !== null && 'report' in request ? request.report.rows.length : 0;
      rowsInWork += rows;
      try {
        if (request === null || !('report' in request)) return await writer.ask({ write: { kind, request } });
        const packed = packReport(request.report);
        return await writer.ask({ append: { packed, receipt: request.receipt } }, [packed.numbers.buffer]);
      } finally {
        rowsInWork -= rows;
      }
    },
    ask: (kind, question) => reader.ask({ kind, question }),
    async askAside(kind, question) {
      aside ??= startThread('reader-thread', settings, () => {});
      return (await aside).ask({ kind, question });
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    rowsInWork: () => rowsInWork,
    async close() {
      await reader.close();
      await (await aside?.catch(() => null))?.close();
      await writer.close();
    },
  };
}
