import type { Database } from 'better-sqlite3';

/** The counters that go on over restarts. They change in memory and are written with each commit. */
export interface Meta {
  commitSeq: number;
  observationSeq: number;
  stateSeq: number;
  /** Before this time whole stretches of facts were dropped: what is derived of them stands alone. */
  factsFrom: number;
}

export function readMeta(database: Database): Meta {
  const rows = database.prepare<[], { name: string; value: number }>('SELECT name, value FROM meta').all();
  const value = (name: string): number => {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(`meta has no ${name}`);
    return row.value;
  };
  return {
    commitSeq: value('commit_seq'),
    observationSeq: value('observation_seq'),
    stateSeq: value('state_seq'),
    factsFrom: value('facts_from'),
  };
}

/**
 * Writes the counters. What is derived lives in the writer's memory, so a second writing process on the same file would
 * spoil it: the commit number found must be the one this writer wrote last.
 */
export function createMetaWriter(database: Database) {
  const step = database.prepare<[number, number]>("UPDATE meta SET value = ? WHERE name = 'commit_seq' AND value = ?");
  const set = database.prepare<[number, string]>('UPDATE meta SET value = ? WHERE name = ?');
  return (meta: Meta, previousCommitSeq: number): void => {
    if (step.run(meta.commitSeq, previousCommitSeq).changes !== 1)
      throw new Error(`the database was written by another process since commit ${previousCommitSeq}`);
    set.run(meta.observationSeq, 'observation_seq');
    set.run(meta.stateSeq, 'state_seq');
    set.run(meta.factsFrom, 'facts_from');
  };
}
