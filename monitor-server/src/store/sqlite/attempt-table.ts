import type { Database } from 'better-sqlite3';
import type { Half } from './half.ts';
import { type Partitions, perPartition } from './partitions.ts';

export type AttemptTable = ReturnType<typeof createAttemptTable>;

/** HTTP rounds that were not their message's last, by the exchange of the same reporter in which the message went on. */
export function createAttemptTable(database: Database, partitions: Partitions) {
  const put = perPartition((number) =>
    database.prepare<[number, number, number, number]>(`INSERT OR IGNORE INTO attempt_${number} VALUES (?, ?, ?, ?)`),
  );
  return {
    add({ process, extras, time, seq }: Half): void {
      if (extras?.attemptOf === undefined) return;
      put(partitions.of(time).number).run(process.number, extras.attemptOf, time, seq);
    },
  };
}
