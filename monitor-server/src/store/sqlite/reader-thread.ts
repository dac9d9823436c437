import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './open-database.ts';
import { createReader } from './reader.ts';
import type { FromThread, ThreadSettings, ToReader } from './thread-messages.ts';

/** The thread that answers questions, from a connection that can only read. */
function run(settings: ThreadSettings): void {
  const reader = createReader(openForReading(settings.path));
  parentPort?.on('message', (message: ToReader) => {
    if (message === 'close') {
      reader.close();
      tell({ kind: 'closed' });
      parentPort?.close();
      return;
    }
    const { id, kind, question } = message;
    try {
      const answer = reader.ask(kind, question);
      // Bytes are handed over, not copied.
      const handed = answer instanceof Uint8Array ? [answer.buffer] : [];
      parentPort?.postMessage({ kind: 'answer', id, answer } satisfies FromThread, handed);
    } catch (error) {
      tell({ kind: 'error', id, message: error instanceof Error ? error.message : String(error) });
    }
  });
  tell({ kind: 'ready' });
}

const tell = (message: FromThread): void => parentPort?.postMessage(message);

try {
  run(workerData);
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
