import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { committedParts } from './committed-parts.ts';
import { openForWriting } from './open-database.ts';
import { unpackReport } from './packed-report.ts';
import type { FromThread, ThreadSettings, ToWriter } from './thread-messages.ts';
import { createWriter, type WriteRequest } from './writer.ts';

/** The thread that owns the writing connection. What has queued while it committed goes into the next commit together. */
function run(settings: ThreadSettings): void {
  const ahead = settings.now - Date.now() * 1_000;
  const clock = (): number => Date.now() * 1_000 + ahead;
  const writer = createWriter(openForWriting(settings.path), { clock, retentionMicros: settings.retentionMicros });
  const queue: { readonly id: number; readonly write: WriteRequest }[] = [];
  let isClosing = false;
  let isScheduled = false;

  const commitQueued = (): void => {
    isScheduled = false;
    const batch = queue.splice(0, BATCH_MAX);
    if (batch.length > 0) commit(batch);
    if (queue.length > 0) schedule();
    else if (isClosing) {
      writer.close();
      tell({ kind: 'closed' });
      parentPort?.close();
    }
  };
  const commit = (batch: typeof queue): void => {
    try {
      const { answer: answers, committed } = writer.commit(batch.map(({ write }) => write));
      if (committed !== null)
        for (const part of committedParts(committed))
          tell({ kind: 'committed', committed: part }, [part.exchanges.numbers.buffer]);
      for (const [index, { id }] of batch.entries()) {
        const answer = answers[index];
        if (answer !== undefined) tell({ kind: 'answer', id, answer });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // One request may spoil it for all: alone, each has its own answer.
      if (batch.length > 1 && !isOfTheFile(error)) for (const entry of batch) commit([entry]);
      else for (const { id } of batch) tell({ kind: 'error', id, message });
    }
  };
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(commitQueued);
  };
  parentPort?.on('message', (message: ToWriter) => {
    if (message === 'close') isClosing = true;
    else queue.push({ id: message.id, write: writeOf(message) });
    schedule();
  });
  tell({ kind: 'ready' });
}

/** The disk is full, or somebody holds the file: no request is to blame, and each alone would wait for it again. */
const isOfTheFile = (error: unknown): boolean =>
  error instanceof SqliteDatabase.SqliteError && /^SQLITE_(BUSY|FULL|IOERR|READONLY)/.test(error.code);

const writeOf = (message: Exclude<ToWriter, 'close'>): WriteRequest =>
  'write' in message
    ? message.write
    : { kind: 'append', request: { report: unpackReport(message.append.packed), receipt: message.append.receipt } };

/** Requests in one transaction, at most: a commit stays short enough for the live view. */
const BATCH_MAX = 64;

const tell = (message: FromThread, handedOver: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, [...handedOver]);

try {
  run(workerData);
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
