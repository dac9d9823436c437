import type { Node, NodeKind } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { isWildcard, shownHostPort } from './addresses.ts';
import type { Process } from './processes.ts';
import type { NodeRecord } from './register.ts';

export interface NodeRow {
  readonly number: number;
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly parent: string | null;
  readonly address: string | null;
  readonly monitored: number;
  readonly state: string | null;
  readonly since: number | null;
  readonly reason: string | null;
  readonly first_seen: number;
  readonly last_seen: number;
}

export interface LinkRow {
  readonly number: number;
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

export function createNodeTable(database: Database) {
  const all = database.prepare<[], NodeRow>('SELECT * FROM node ORDER BY number');
  const insert = database.prepare<(string | number | null)[]>(
    `INSERT INTO node (id, kind, name, parent, address, monitored, state, since, reason, first_seen, last_seen)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare<(string | number | null)[]>(
    'UPDATE node SET address = ?, state = ?, since = ?, reason = ?, first_seen = ?, last_seen = ? WHERE number = ?',
  );
  const stateColumns = (state: Node['state']) => [state?.state ?? null, state?.since ?? null, state?.reason ?? null];
  return {
    all: (): readonly NodeRecord[] =>
      all.all().map((row) => ({ ...nodeOfRow(row), number: row.number, toldLastSeen: row.last_seen })),
    add(node: Omit<NodeRecord, 'number'>): NodeRecord {
      const { id, kind, name, parent, address, monitored, state, firstSeen, lastSeen } = node;
      const { lastInsertRowid } = insert.run(
        ...[id, kind, name, parent, address, monitored ? 1 : 0],
        ...stateColumns(state),
        ...[firstSeen, lastSeen],
      );
      return { ...node, number: Number(lastInsertRowid) };
    },
    write(node: NodeRecord): void {
      update.run(node.address, ...stateColumns(node.state), node.firstSeen, node.lastSeen, node.number);
    },
  };
}

export function createLinkTable(database: Database) {
  const all = database.prepare<[], LinkRow>('SELECT number, id, source, target FROM link ORDER BY number');
  const insert = database.prepare<[string, string, string]>('INSERT INTO link (id, source, target) VALUES (?, ?, ?)');
  return {
    all: () => all.all(),
    add: (id: string, source: string, target: string) => Number(insert.run(id, source, target).lastInsertRowid),
  };
}

export const nodeOfRow = (row: NodeRow): Node => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  parent: row.parent,
  address: row.address,
  monitored: row.monitored === 1,
  state: row.state === null ? null : { state: row.state, since: row.since ?? 0, reason: row.reason ?? '' },
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
});

export const shownNode = (node: NodeRecord): Node => ({
  id: node.id,
  kind: node.kind,
  name: node.name,
  parent: node.parent,
  address: node.address,
  monitored: node.monitored,
  state: node.state,
  firstSeen: node.firstSeen,
  lastSeen: node.lastSeen,
});

/** Where callers find the process: as advertised, else its first listener. */
export function addressOf(process: Process): string | null {
  if (process.advertised !== null) return process.advertised;
  const listener = process.listeners[0];
  if (listener === undefined) return null;
  return shownHostPort(isWildcard(listener.address) ? process.remoteAddress : listener.address, listener.port);
}
