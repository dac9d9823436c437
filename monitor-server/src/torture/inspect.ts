import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { maintainStore } from '../store/open-store.ts';
import type { FakeEstate } from './fake-estate.ts';

export const databaseOf = (folder: string): string => join(folder, 'monitor.sqlite');

/** What is wrong with the database of a monitor that is gone: its own check, and what was acknowledged but is not there. */
export function inspect(folder: string, estate: FakeEstate): readonly string[] {
  const path = databaseOf(folder);
  if (!existsSync(path)) return acknowledgedRows(estate) === 0 ? [] : [`there is no ${path}`];
  const remembered = readRemembered(path);
  if (remembered === null)
    return acknowledgedRows(estate) === 0 ? [] : ['the database has no tables, and rows were acknowledged'];
  const findings = [...checkAsAfterStart(path)];
  for (const reporter of estate.reporters) {
    const intervals = remembered.get(reporter.id) ?? [];
    const isStored = (rowSeq: number): boolean =>
      intervals.some(({ first, last }) => first <= rowSeq && rowSeq <= last);
    const missing = [...reporter.acknowledged].filter((rowSeq) => !isStored(rowSeq));
    if (missing.length > 0)
      findings.push(`${reporter.id}: ${missing.length} acknowledged rows are not stored: ${missing.slice(0, 5)}`);
    const beyond = intervals.filter(({ last }) => last >= reporter.observed);
    if (beyond.length > 0) findings.push(`${reporter.id}: rows are stored that never were`);
  }
  return findings;
}

export const acknowledgedRows = (estate: FakeEstate): number =>
  estate.reporters.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);

/** What is wrong with a database that may lack rows, but not fit what it has. A log cut before the first commit leaves none. */
export function checkCopy(folder: string): readonly string[] {
  return readRemembered(databaseOf(folder)) === null ? [] : checkAsAfterStart(databaseOf(folder));
}

/** Rows that the database remembers to have taken from the estate's reporters. */
export function storedRows(folder: string, estate: FakeEstate): number {
  const remembered = readRemembered(databaseOf(folder)) ?? new Map<string, Interval[]>();
  let rows = 0;
  for (const { id, acknowledged } of estate.reporters) {
    const intervals = remembered.get(id) ?? [];
    for (const rowSeq of acknowledged)
      if (intervals.some(({ first, last }) => first <= rowSeq && rowSeq <= last)) rows++;
  }
  return rows;
}

/** The first start may have been cut off between two migrations: the next one goes on. (Not otherwise: it folds the log back.) */
function checkAsAfterStart(path: string): readonly string[] {
  try {
    return maintainStore(path).check();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('run soa-monitor migrate')) throw error;
    maintainStore(path).migrate();
    return maintainStore(path).check();
  }
}

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** By reporter; null when the kill came before the first migration ended. */
function readRemembered(path: string): Map<string, Interval[]> | null {
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version === 0) return null;
    const byReporter = new Map<string, Interval[]>();
    const rows = database
      .prepare<[], Interval & { reporter: string }>(
        'SELECT p.reporter, a.first, a.last FROM acknowledged a JOIN process p ON p.number = a.process',
      )
      .all();
    for (const row of rows) byReporter.set(row.reporter, [...(byReporter.get(row.reporter) ?? []), row]);
    return byReporter;
  } finally {
    database.close();
  }
}
