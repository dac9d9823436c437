import type { StateChange, States, Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { parseCursor } from './read-exchanges.ts';

export interface StateChangesQuery {
  readonly window: Window;
  readonly cursor: string | null;
  readonly limit: number;
}

/** The changes of all nodes' states, oldest first, along the table's own key. */
export function readStateChanges(database: Database, { window, cursor, limit }: StateChangesQuery): States {
  const select = database.prepare<[number, number, number, number], StateChange & { readonly seq: number }>(
    `SELECT at, seq, version, node, state, reason FROM state_change
     WHERE (at, seq) > (?, ?) AND at < ? ORDER BY at, seq LIMIT ?`,
  );
  const after = parseCursor(cursor) ?? { time: window.from, seq: -1 };
  const rows = select.all(after.time, after.seq, window.to, limit);
  const last = rows.length < limit ? undefined : rows[rows.length - 1];
  return {
    states: rows.map(({ version, node, at, state, reason }) => ({ version, node, at, state, reason })),
    cursor: last === undefined ? null : `${last.at}.${last.seq}`,
  };
}
