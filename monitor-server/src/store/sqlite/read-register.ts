import { type Node, type Nodes as NodesPage, serverId } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Process } from '../store.ts';
import { type ProcessRow, parseListeners } from './process-table.ts';
import { type NodeRow, nodeOfRow } from './register-tables.ts';

const PAGE_MAX = 10_000;

/** The register in the order of appearance. */
export function readNodes(database: Database, cursor: string | null, limit: number): NodesPage {
  const select = database.prepare<[number, number], NodeRow>(
    'SELECT * FROM node WHERE number > ? ORDER BY number LIMIT ?',
  );
  const bounded = Math.min(Math.max(1, limit), PAGE_MAX);
  const rows = select.all(Number(cursor ?? 0) || 0, bounded);
  const last = rows.length < bounded ? undefined : rows[rows.length - 1];
  return { nodes: rows.map(nodeOfRow), cursor: last === undefined ? null : String(last.number) };
}

export function readNode(database: Database, id: string): Node | null {
  const row = database.prepare<[string], NodeRow>('SELECT * FROM node WHERE id = ?').get(id);
  return row === undefined ? null : nodeOfRow(row);
}

const PROCESSES_MAX = 10_000;

/**
 * The processes that listen. One whose listener was taken over by a later start (same host, address and port) is left out:
 * a port has one owner.
 */
export function readProcesses(database: Database): readonly Process[] {
  const select = database.prepare<[number], ProcessRow>(
    "SELECT * FROM process WHERE listeners != '[]' ORDER BY first_report_at DESC, number DESC LIMIT ?",
  );
  const taken = new Set<string>();
  const processes: Process[] = [];
  for (const row of select.all(PROCESSES_MAX)) {
    const listeners = parseListeners(row.listeners);
    const keys = listeners.map((listener) => `${row.host_id} ${listener.address} ${listener.port}`);
    if (!keys.some((key) => taken.has(key))) processes.push(processOf(row));
    for (const key of keys) taken.add(key);
  }
  return processes;
}

const processOf = (row: ProcessRow): Process => ({
  reporter: row.reporter,
  server: serverId(row.machine, row.name),
  machine: row.machine,
  name: row.name,
  listeners: parseListeners(row.listeners),
  advertised: row.advertised,
  remoteAddress: row.remote_address,
  lastReportAt: row.last_report_at,
  closing: row.closing === 1,
  clockOffsetMicros: row.offset_best,
  soapVersion: row.soap_version === '1.2' ? '1.2' : '1.1',
});
