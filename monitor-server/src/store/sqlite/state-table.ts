import type { StateChange } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';

/** Each change of state, kept for ever. */
export function createStateTable(database: Database) {
  const insert = database.prepare<[number, number, number, string, string, string]>(
    'INSERT INTO state_change (at, seq, version, node, state, reason) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    add: ({ at, version, node, state, reason }: StateChange, seq: number): void =>
      void insert.run(at, seq, version, node, state, reason),
  };
}
