import { join } from 'node:path';
import Database from 'better-sqlite3';
import { serveParent } from '../../child.ts';
import { createReportSource } from '../load/report-source.ts';
import { REFERENCE_INSERT, REFERENCE_SCHEMA, referenceRow } from './reference-row.ts';

/** The reference loop in a process of its own (its argument is a folder to write in): prepared inserts of single rows, 1,000 to a transaction, WAL, FULL. */
const ROWS = 100_000;
const ROWS_PER_TRANSACTION = 1_000;

export interface ReferenceSlice {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuMicros: number;
}

const database = new Database(join(process.argv[2] ?? '.', 'reference.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.pragma('wal_autocheckpoint = 4000');
database.pragma('cache_size = -65536');
database.exec(REFERENCE_SCHEMA);
const insert = database.prepare(REFERENCE_INSERT);
const source = createReportSource(1, 'reference');
let seq = 0;
let until = Date.now() * 1_000;

function run(): ReferenceSlice {
  const rows: (number | string | null)[][] = [];
  const wish = { observations: ROWS, rowsPerReport: 10_000, from: until, observationsPerSecond: 100_000 };
  source.reports({ ...wish, onHalf: (half) => void rows.push(referenceRow(half, seq++)) });
  until += 1_100_000;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let first = 0; first < rows.length; first += ROWS_PER_TRANSACTION) {
    database.exec('BEGIN');
    for (const row of rows.slice(first, first + ROWS_PER_TRANSACTION)) insert.run(row);
    database.exec('COMMIT');
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { rows: rows.length, seconds, cpuMicros: user + system };
}

serveParent(run);
