import type { StateChange, States, Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { parseCursor } from './read-exchanges.ts';

interface StateRow extends StateChange {
  readonly seq: number;
}

const STATES_MAX = 20_000;

export function createStateReader(database: Database) {
  const columns = 'at, seq, version, node, state, reason';
  const within = database.prepare<[number, number, number], StateRow>(
    `SELECT ${columns} FROM state_change WHERE at >= ? AND at < ? ORDER BY at, seq LIMIT ?`,
  );
  const before = database.prepare<{ at: number; limit: number }, StateRow>(
    `SELECT ${columns} FROM state_change s WHERE (at, seq) = (
       SELECT at, seq FROM state_change WHERE node = s.node AND at < @at ORDER BY at DESC, seq DESC LIMIT 1)
     AND at < @at LIMIT @limit`,
  );
  return {
    /** The changes in a stretch of time, oldest first. */
    within: (from: number, to: number): readonly StateChange[] => within.all(from, to, STATES_MAX).map(shown),
    /** The state of each node just before a moment. */
    before: (at: number): readonly StateChange[] => before.all({ at, limit: STATES_MAX }).map(shown),
  };
}

export interface StatesQuery {
  readonly node: string;
  readonly window: Window;
  readonly cursor: string | null;
  readonly limit: number;
}

/** The changes of one node's state, newest first. */
export function readStates(database: Database, { node, window, cursor, limit }: StatesQuery): States {
  const select = database.prepare<[string, number, number, number, number, number], StateRow>(
    `SELECT at, seq, version, node, state, reason FROM state_change
     WHERE node = ? AND at >= ? AND at <= ? AND (at, seq) < (?, ?) ORDER BY at DESC, seq DESC LIMIT ?`,
  );
  const after = parseCursor(cursor) ?? { time: window.to, seq: 0 };
  const rows = select.all(node, window.from, after.time, after.time, after.seq, limit);
  const last = rows.length < limit ? undefined : rows[rows.length - 1];
  return { states: rows.map(shown), cursor: last === undefined ? null : `${last.at}.${last.seq}` };
}

const shown = ({ version, node, at, state, reason }: StateRow): StateChange => ({ version, node, at, state, reason });
