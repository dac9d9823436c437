import SqliteDatabase from 'better-sqlite3';
import { openForReading } from './open-database.ts';

/** The process that copies: it can be stopped within a statement, which a thread cannot. Arguments: the database, the copy. */
export type FromBackup = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly message: string };

function copy(path: string, partial: string): void {
  const database = openForReading(path);
  try {
    database.prepare('VACUUM INTO ?').run(partial);
  } finally {
    database.close();
  }
  const copied = new SqliteDatabase(partial, { readonly: true });
  try {
    const [first] = copied.prepare<[], { integrity_check: string }>('PRAGMA integrity_check(1)').all();
    if (first?.integrity_check !== 'ok') throw new Error(`the copy is damaged: ${first?.integrity_check}`);
  } finally {
    copied.close();
  }
}

const tell = (message: FromBackup): void => void process.send?.(message, () => process.disconnect());

try {
  copy(process.argv[2] ?? '', process.argv[3] ?? '');
  tell({ kind: 'done' });
} catch (error) {
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  const isFull = code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR');
  tell({
    kind: 'failed',
    message: isFull ? `the backup could not be written: is the disk full? (${message})` : message,
  });
}
