import type { NodeProcess, NodeProcesses } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { type ProcessRow, parseCounters, parseListeners } from './process-table.ts';
import { accountOf, shownAccount } from './reporter-account.ts';

/** Starts of one process that are told of; the older ones are history. */
const PROCESSES_MAX = 10;

/**
 * The processes that report as this server or client, the last heard first. An endpoint is told of by its server; what
 * reports nothing, a machine among it, has none. Null: there is no such node.
 */
export function readNodeProcesses(database: Database, id: string, now: number): NodeProcesses | null {
  const named = database.prepare<[string], NamedNode>(
    `SELECT n.id, n.kind, n.name, n.parent, p.name AS parent_name FROM node n LEFT JOIN node p ON p.id = n.parent WHERE n.id = ?`,
  );
  const asked = named.get(id);
  if (asked === undefined) return null;
  const owner = asked.kind === 'endpoint' && asked.parent !== null ? named.get(asked.parent) : asked;
  if (owner === undefined || owner.parent_name === null) return { processes: [] };
  const rows = database
    .prepare<[string, string, number], ProcessRow>(
      'SELECT * FROM process WHERE machine = ? AND name = ? ORDER BY last_report_at DESC LIMIT ?',
    )
    .all(owner.parent_name, owner.name, PROCESSES_MAX);
  return { processes: rows.map((row) => processOf(row, owner.id, now)) };
}

function processOf(row: ProcessRow, node: string, now: number): NodeProcess {
  const { noise, pings, failures } = parseCounters(row.counters);
  return {
    ...shownAccount(accountOf(row, now), node),
    ...{ noise, pings, failures },
    pid: row.pid,
    stack: row.stack,
    firstReportAt: row.first_report_at,
    listeners: parseListeners(row.listeners),
  };
}

interface NamedNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly parent: string | null;
  readonly parent_name: string | null;
}
