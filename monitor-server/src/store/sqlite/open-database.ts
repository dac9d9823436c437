import SqliteDatabase, { type Database } from 'better-sqlite3';
import { migrate, NEWEST_VERSION, versionOf } from './migrations.ts';

/** Opens the writing connection: creates, migrates, and sets what makes a commit durable. Throws one clear line. */
export function openForWriting(path: string, busyTimeoutMillis = BUSY_TIMEOUT_MILLIS): Database {
  return inOneLine(path, () => {
    const database = new SqliteDatabase(path, { timeout: busyTimeoutMillis });
    try {
      // Before the first page is written, or it takes a VACUUM to change. Incremental: what a forgotten stretch frees can go back.
      if (versionOf(database) === 0) {
        // Twice the default: a stretch that is dropped has half as many pages to let go of, and inserts cost the same.
        database.pragma('page_size = 8192');
        database.pragma('auto_vacuum = INCREMENTAL');
      }
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      // In pages: 16 MiB, or half of it where the pages are older and smaller.
      database.pragma('wal_autocheckpoint = 2000');
      database.pragma('cache_size = -65536');
      migrate(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** Opens a connection that can only read. The writer must have opened (and so created) the database before. */
export const openForReading = (path: string): Database =>
  inOneLine(path, () => {
    const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MILLIS });
    database.pragma('cache_size = -65536');
    return database;
  });

/** The same where no writer of this program has opened it before: it may be of another version. */
export function openCurrentForReading(path: string): Database {
  const database = openForReading(path);
  try {
    const found = inOneLine(path, () => versionOf(database));
    if (found === NEWEST_VERSION) return database;
    const what = found < NEWEST_VERSION ? 'start the monitor on it once, or ask it by --url' : 'install a newer one';
    throw new Error(`The database ${path} is of version ${found}, this program reads ${NEWEST_VERSION}: ${what}.`);
  } catch (error) {
    database.close();
    throw error;
  }
}

const BUSY_TIMEOUT_MILLIS = 5_000;

function inOneLine<Opened>(path: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error instanceof SqliteDatabase.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
      throw new Error(`The database ${path} is damaged (${error.message}): move it away or restore a backup.`);
    if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || error instanceof TypeError)
      throw new Error(`The database ${path} cannot be written: is its folder there and writable? (${error.message})`);
    if (code.startsWith('SQLITE_IOERR'))
      throw new Error(`The database ${path} cannot be read or written: the disk fails (${error.message}).`);
    if (code.startsWith('SQLITE_BUSY'))
      throw new Error(`The database ${path} is in use by another process (${error.message}).`);
    throw error;
  }
}
