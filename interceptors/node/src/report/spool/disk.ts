import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';

/**
 * What the spool asks of the file system, so that a test can bring a full or a broken one. Everything rejects with the
 * system's own error; nothing of it blocks the event loop.
 */
export interface Disk {
  makeFolder(path: string): Promise<void>;
  /** Of what is in a folder; none when there is no such folder. */
  names(path: string): Promise<readonly string[]>;
  read(path: string): Promise<Buffer>;
  /** Done when the bytes are on the device, whole and under this name: never half a file under it. */
  write(path: string, bytes: Buffer): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with what is in it; also done when there is none. */
  remove(path: string): Promise<void>;
  /** Epoch milliseconds. */
  modifiedAt(path: string): Promise<number>;
  touch(path: string): Promise<void>;
}

/** What waits here may name partners and operations: it is for the user that the service runs as. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export const disk: Disk = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  },
  names: (path) => readdir(path).catch((error: unknown) => (isAbsent(error) ? [] : Promise.reject(error))),
  read: (path) => readFile(path),
  write: async (path, bytes) => {
    const temporary = `${path}.tmp`;
    const file = await open(temporary, 'w', FILE_MODE);
    await file
      .writeFile(bytes)
      .then(() => file.sync())
      .finally(() => file.close())
      .then(() => rename(temporary, path))
      // What was begun takes room on a disk that has none.
      .catch((error: unknown) => rm(temporary, { force: true }).then(() => Promise.reject(error)));
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  modifiedAt: async (path) => (await stat(path)).mtimeMs,
  touch: async (path) => {
    const now = new Date();
    await utimes(path, now, now);
  },
};

export const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** The system's name of an error, ENOSPC for instance. */
export function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : String(error);
}
