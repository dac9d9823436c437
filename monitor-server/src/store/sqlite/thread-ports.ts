import type { Committed } from '../store.ts';
import { packReport } from './packed-report.ts';
import type { Ports } from './store-face.ts';
import { startThread } from './thread.ts';
import type { ThreadSettings } from './thread-messages.ts';

/** The writer and the reader, each in a thread of its own. */
export async function openThreadPorts(settings: ThreadSettings): Promise<Ports> {
  const listeners = new Set<(committed: Committed) => void>();
  let rowsInWork = 0;
  const writer = await startThread('writer-thread', settings, (committed) => {
    for (const listener of listeners) listener(committed);
  });
  const reader = await startThread('reader-thread', settings, () => {});
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
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    rowsInWork: () => rowsInWork,
    async close() {
      await reader.close();
      await writer.close();
    },
  };
}
