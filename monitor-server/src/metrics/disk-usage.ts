import { stat, statfs } from 'node:fs/promises';

/** What the database takes, and what is left for it, bytes. */
export interface DiskUsage {
  readonly database: number;
  /** The write-ahead log: what is committed and not yet in the database file. */
  readonly log: number;
  /** Of the file system, for this user. */
  readonly free: number;
}

export async function readDiskUsage(databasePath: string): Promise<DiskUsage> {
  const [database, log, disk] = await Promise.all([
    sizeOf(databasePath),
    sizeOf(`${databasePath}-wal`),
    statfs(databasePath).catch(() => null),
  ]);
  return { database, log, free: disk === null ? 0 : disk.bavail * disk.bsize };
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
