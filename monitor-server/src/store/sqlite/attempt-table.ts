import type { Database } from 'better-sqlite3';
import type { Half } from './half.ts';

export type AttemptTable = ReturnType<typeof createAttemptTable>;

/** HTTP rounds that were not their message's last, by the exchange of the same reporter in which the message went on. */
export function createAttemptTable(database: Database) {
  const put = database.prepare<[number, number, number, number]>('INSERT OR IGNORE INTO attempt VALUES (?, ?, ?, ?)');
  const drop = database.prepare<[number, number, number, number]>(
    'DELETE FROM attempt WHERE process = ? AND of = ? AND time = ? AND seq = ?',
  );
  const run = (statement: typeof put, { process, extras, time, seq }: Half): void => {
    if (extras?.attemptOf !== undefined) statement.run(process.number, extras.attemptOf, time, seq);
  };
  return { add: (half: Half) => run(put, half), remove: (half: Half) => run(drop, half) };
}
