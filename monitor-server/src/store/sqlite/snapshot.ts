import type { Database } from 'better-sqlite3';

/** One consistent view of the database for the length of a question. */
export interface Snapshot {
  /** The commit it shows. */
  readonly commitSeq: number;
  /**
   * Lets go of a view that has grown old and takes a new one: a reader that holds on to an old one keeps the log from being
   * folded back, and it grows without bound. What is read across a renewal may straddle two commits.
   */
  renewIfOld(): void;
}

const SNAPSHOT_MILLIS_MAX = 4_000;

export function inSnapshot<Answer>(database: Database, read: (snapshot: Snapshot) => Answer): Answer {
  const selectCommit = database.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'commit_seq'");
  let began = 0;
  const begin = (): number => {
    database.exec('BEGIN');
    began = performance.now();
    return selectCommit.get()?.value ?? 0;
  };
  try {
    return read({
      commitSeq: begin(),
      renewIfOld() {
        if (performance.now() - began < SNAPSHOT_MILLIS_MAX) return;
        database.exec('COMMIT');
        begin();
      },
    });
  } finally {
    // Also where the disk failed behind BEGIN: what is left open would refuse every later question.
    if (database.inTransaction) database.exec('COMMIT');
  }
}
