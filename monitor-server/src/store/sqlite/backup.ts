import { fork } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { BackupSettings } from '../maintenance.ts';
import type { FromBackup } from './backup-process.ts';

const PROGRESS_MILLIS = 500;

/**
 * `VACUUM INTO` in a process, under a temporary name beside the target; checked, flushed to the disk, and only then given its
 * name. (SQLite's incremental backup starts over at each commit of another connection: beside a busy writer it never ends.)
 * The copy is one snapshot, held for as long as it takes to write: the log grows meanwhile by what is committed.
 */
export async function backupDatabase(
  path: string,
  target: string,
  settings: BackupSettings,
): Promise<{ bytes: number }> {
  const { force, onProgress, signal } = settings;
  const to = resolve(target);
  const refuseExisting = (): void => {
    if (!force && existsSync(to))
      throw new Error(`${to} is there already: give another name, or --force to replace it`);
  };
  refuseExisting();
  if (!existsSync(dirname(to))) throw new Error(`${dirname(to)} is no folder: make it first`);
  const partial = `${to}.partial-${process.pid}`;
  const remove = (): void => {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  };
  remove();
  // What is committed may lie in the log still.
  const bytesExpected = statSync(path).size + sizeOf(`${path}-wal`);
  const timer = setInterval(() => onProgress({ bytes: sizeOf(partial), bytesExpected }), PROGRESS_MILLIS);
  try {
    await copyInProcess(path, partial, signal);
    flushToDisk(partial);
    refuseExisting();
    renameSync(partial, to);
    flushToDisk(dirname(to));
    return { bytes: statSync(to).size };
  } finally {
    clearInterval(timer);
    remove();
  }
}

function copyInProcess(path: string, partial: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(builtProcess(), [path, partial], { execArgv: [] });
    let outcome: FromBackup = { kind: 'failed', message: 'the backup was stopped' };
    const abort = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', abort, { once: true });
    child.on('message', (message: FromBackup) => {
      outcome = message;
    });
    child.on('error', reject);
    // Not before it has ended: what it still holds open could be written after it was removed.
    child.on('exit', () => {
      signal.removeEventListener('abort', abort);
      if (outcome.kind === 'done') resolve();
      else reject(new Error(outcome.message));
    });
    if (signal.aborted) abort();
  });
}

function flushToDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Processes run from dist, also when the rest runs from source (tests). */
function builtProcess(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../../dist/store/sqlite/backup-process.js' : './backup-process.js', here);
}
