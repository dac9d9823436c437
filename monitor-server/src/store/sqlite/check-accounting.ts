import type { Database } from 'better-sqlite3';
import { listPartitions } from './partitions.ts';
import { inSnapshot } from './snapshot.ts';

interface Row {
  readonly number: number;
  readonly reporter: string;
  readonly stored: number;
  readonly expired: number;
  readonly numbered: number;
}

/** What was acknowledged to each reporter is stored or expired, by number and by count; each stretch has what it tells. */
export function checkAccounting(database: Database, find: (finding: string) => void): void {
  inSnapshot(database, () => {
    const found = countStretches(database, find);
    for (const { number, reporter, stored, expired, numbered } of database.prepare<[], Row>(SELECT).all()) {
      const rows = found.get(number) ?? 0;
      if (stored - expired !== rows)
        find(
          `Of reporter ${reporter}, ${stored} rows were acknowledged and ${expired} expired, but ${rows} are found.`,
        );
      // Gaps that were closed to bound the set make it larger, never smaller.
      if (numbered < stored)
        find(`Of reporter ${reporter}, ${stored} rows were acknowledged, but only ${numbered} numbers are remembered.`);
    }
  });
}

/** Rows by process. */
function countStretches(database: Database, find: (finding: string) => void): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const counted = database.prepare<[number], { process: number; rows: number }>(
    'SELECT process, rows FROM partition_process WHERE partition = ? ORDER BY process',
  );
  for (const { number, observations } of listPartitions(database)(0, Number.MAX_SAFE_INTEGER)) {
    const rows = database
      .prepare<[], { process: number; rows: number; observations: number }>(
        `SELECT process, sum(parts) AS rows, count(*) AS observations FROM observation_${number} GROUP BY process ORDER BY process`,
      )
      .all();
    for (const { process, rows: sum } of rows) found.set(process, (found.get(process) ?? 0) + sum);
    const [told, seen] = [textOf(counted.all(number)), textOf(rows)];
    if (told !== seen) find(`Stretch ${number} tells its rows by process as ${told}, but ${seen} are found.`);
    const sum = rows.reduce((all, row) => all + row.observations, 0);
    if (sum !== observations) find(`Stretch ${number} tells ${observations} observations, but ${sum} are found.`);
  }
  return found;
}

const textOf = (all: readonly { readonly process: number; readonly rows: number }[]): string =>
  all.map(({ process, rows }) => `${process}: ${rows}`).join(', ');

const SELECT = `
  SELECT p.number, p.reporter, p.stored, p.expired, coalesce(a.numbered, 0) AS numbered FROM process p
    LEFT JOIN (SELECT process, sum(last - first + 1) AS numbered FROM acknowledged GROUP BY process) a ON a.process = p.number`;
