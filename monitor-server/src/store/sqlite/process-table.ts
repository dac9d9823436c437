import type { Counters, Listener } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { createIntervalSet, type IntervalSet } from './interval-set.ts';
import type { Process } from './processes.ts';

/** The rows of processes, and the intervals of rows acknowledged to each. */
export function createProcessTable(database: Database) {
  const select = 'SELECT * FROM process';
  const byReporter = database.prepare<[string], ProcessRow>(`${select} WHERE reporter = ?`);
  const byNumber = database.prepare<[number], ProcessRow>(`${select} WHERE number = ?`);
  const recent = database.prepare<[number], ProcessRow>(`${select} ORDER BY last_report_at DESC LIMIT ?`);
  const intervals = database.prepare<[number], { first: number; last: number }>(
    'SELECT first, last FROM acknowledged WHERE process = ? ORDER BY first',
  );
  const insert = database.prepare<(string | number | null)[]>(
    `INSERT INTO process (reporter, machine, name, host_id, pid, stack, first_report_at, listeners, advertised,
       remote_address, last_report_at, closing, offset_applied, offset_best, soap_version, counters, counters_at, stored,
       expired) VALUES (?${', ?'.repeat(18)})`,
  );
  const update = database.prepare<(string | number | null)[]>(
    `UPDATE process SET listeners = ?, advertised = ?, remote_address = ?, last_report_at = ?, closing = ?,
       offset_applied = ?, offset_best = ?, soap_version = ?, counters = ?, counters_at = ?, stored = ?, expired = ?
     WHERE number = ?`,
  );
  const putInterval = database.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?)',
  );
  const dropInterval = database.prepare<[number, number]>('DELETE FROM acknowledged WHERE process = ? AND first = ?');
  /** What stands in `acknowledged`, so that a commit writes only the intervals that changed. */
  const written = new WeakMap<Process, Map<number, number>>();

  const ofRow = (row: ProcessRow): Process => {
    const rows = intervals.all(row.number).map(({ first, last }) => [first, last] as const);
    const process = processOfRow(row, createIntervalSet(rows));
    written.set(process, new Map(rows));
    return process;
  };
  const changing = (process: Omit<Process, 'number'>) => [
    JSON.stringify(process.listeners),
    process.advertised,
    process.remoteAddress,
    process.lastReportAt,
    process.closing ? 1 : 0,
    process.clock.applied,
    process.clock.best,
    process.soapVersion,
    JSON.stringify(process.counters),
    process.countersAt,
    process.stored,
    process.expired,
  ];

  return {
    ofReporter: (reporter: string) => mapped(byReporter.get(reporter), ofRow),
    ofNumber: (number: number) => mapped(byNumber.get(number), ofRow),
    recent: (limit: number) => recent.all(limit).reverse().map(ofRow),
    add(process: Omit<Process, 'number'>): Process {
      const { reporter, machine, name, hostId, pid, stack, firstReportAt } = process;
      const fixed = [reporter, machine, name, hostId, pid, stack, firstReportAt];
      return { ...process, number: Number(insert.run(...fixed, ...changing(process)).lastInsertRowid) };
    },
    write(process: Process): void {
      update.run(...changing(process), process.number);
      const before = written.get(process) ?? new Map<number, number>();
      const now = process.rows.intervals();
      for (const [first, last] of now) if (before.get(first) !== last) putInterval.run(process.number, first, last);
      const after = new Map(now);
      for (const first of before.keys()) if (!after.has(first)) dropInterval.run(process.number, first);
      written.set(process, after);
    },
  };
}

const mapped = <Row, Value>(row: Row | undefined, map: (row: Row) => Value): Value | undefined =>
  row === undefined ? undefined : map(row);

function processOfRow(row: ProcessRow, rows: IntervalSet): Process {
  return {
    number: row.number,
    reporter: row.reporter,
    machine: row.machine,
    name: row.name,
    hostId: row.host_id,
    pid: row.pid,
    stack: row.stack,
    firstReportAt: row.first_report_at,
    listeners: parseListeners(row.listeners),
    advertised: row.advertised,
    remoteAddress: row.remote_address,
    lastReportAt: row.last_report_at,
    closing: row.closing === 1,
    clock: { applied: row.offset_applied, best: row.offset_best, suspected: null },
    soapVersion: row.soap_version === '1.2' ? '1.2' : '1.1',
    counters: parseCounters(row.counters),
    countersAt: row.counters_at,
    stored: row.stored,
    expired: row.expired,
    rows,
  };
}

export interface ProcessRow {
  readonly number: number;
  readonly reporter: string;
  readonly machine: string;
  readonly name: string;
  readonly host_id: string;
  readonly pid: number;
  readonly stack: string;
  readonly listeners: string;
  readonly advertised: string | null;
  readonly remote_address: string;
  readonly first_report_at: number;
  readonly last_report_at: number;
  readonly closing: number;
  readonly offset_applied: number;
  readonly offset_best: number;
  readonly soap_version: string;
  readonly counters: string;
  readonly counters_at: number;
  readonly stored: number;
  readonly expired: number;
}

export const parseListeners = (text: string): readonly Listener[] => JSON.parse(text);
export const parseCounters = (text: string): Counters => JSON.parse(text);
