import type { StateChange, States, Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { parseCursor } from './read-exchanges.ts';

interface StateRow extends StateChange {
  readonly seq: number;
}

/** Changes told at once, but for those of one and the same microsecond: who asks for a longer stretch asks in parts. */
const STATES_MAX = 20_000;

export function createStateReader(database: Database) {
  const columns = 's.at, s.seq, s.version, s.node, s.state, s.reason';
  const within = database.prepare<[number, number], StateRow>(
    `SELECT ${columns} FROM state_change s WHERE s.at >= ? AND s.at < ? ORDER BY s.at, s.seq`,
  );
  const beyond = database
    .prepare<[number, number, number], number>(
      'SELECT at FROM state_change WHERE at >= ? AND at < ? ORDER BY at, seq LIMIT 1 OFFSET ?',
    )
    .pluck();
  // From node to node by the index: a long history costs no more than a short one.
  const before = database.prepare<{ at: number }, StateRow>(
    `WITH RECURSIVE named (node) AS (
       SELECT min(node) FROM state_change
       UNION ALL SELECT (SELECT min(node) FROM state_change WHERE node > named.node) FROM named WHERE node IS NOT NULL)
     SELECT ${columns} FROM named CROSS JOIN state_change s
     WHERE (s.at, s.seq) = (SELECT at, seq FROM state_change WHERE node = named.node AND at < @at
       ORDER BY at DESC, seq DESC LIMIT 1)
     ORDER BY s.at, s.seq`,
  );
  return {
    /** Where a stretch ends that has no more changes than are told at once: at its end, or before. */
    endOf: (from: number, to: number): number =>
      Math.min(to, Math.max(from + 1, beyond.get(from, to, STATES_MAX) ?? to)),
    /** The changes in a stretch of time that `endOf` has measured, oldest first. */
    within: (from: number, to: number): readonly StateChange[] => within.all(from, to).map(shown),
    /** The state of each node just before a moment: one a node. */
    before: (at: number): readonly StateChange[] => before.all({ at }).map(shown),
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
