import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';

/** The data folder, held by this process alone. Opening throws one clear line. */
export interface DataFolder {
  readonly path: string;
  readonly databasePath: string;
  /** The key kept here, made at the first call; whether others on this machine may read its file. */
  ingestKey(randomText: () => string): {
    readonly key: string;
    readonly file: string;
    readonly isReadableByOthers: boolean;
  };
  close(): void;
}

export const databasePathIn = (folder: string): string => join(resolve(folder), 'monitor.sqlite');

export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  try {
    makeFolder(path);
  } catch (error) {
    throw new Error(`the data folder ${path} cannot be made: ${codeOf(error)}`);
  }
  const unlock = lock(path);
  return {
    path,
    databasePath: databasePathIn(path),
    ingestKey(randomText) {
      const file = join(path, 'ingest.key');
      try {
        writeFileSync(file, `${randomText()}\n`, { flag: 'wx', mode: 0o600 });
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw new Error(`${file} cannot be written: ${codeOf(error)}`);
      }
      const key = readFileSync(file, 'utf8').trim();
      if (key.length < 16) throw new Error(`${file} holds no key: remove it, and a new one is made`);
      return { key, file, isReadableByOthers: (statSync(file).mode & 0o077) !== 0 };
    },
    close: unlock,
  };
}

/** Not mkdir's own `recursive`: that never returns where a folder is there and still nothing can be made in it (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

/**
 * A lock of the operating system, by way of an empty database: it ends with the process however that ends, so there is
 * never a stale one (process ids are used again; in a container each start may have the same one).
 */
function lock(path: string): () => void {
  const file = join(path, 'monitor.lock');
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { timeout: 0 });
    chmodSync(file, 0o600);
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (codeOf(error).startsWith('SQLITE_BUSY')) {
      throw new Error(`the data folder ${path} is in use by another monitor server`);
    }
    throw new Error(`the data folder ${path} cannot be written: ${codeOf(error)}`);
  }
  const held = database;
  return () => void held.close();
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
