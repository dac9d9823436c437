import type { Database } from 'better-sqlite3';
import { inSnapshot } from './snapshot.ts';

interface Row {
  readonly reporter: string;
  readonly stored: number;
  readonly expired: number;
  readonly numbered: number;
  readonly found: number;
}

/** What was acknowledged to each reporter is stored or expired, by number and by count. */
export function checkAccounting(database: Database, find: (finding: string) => void): void {
  const rows = inSnapshot(database, () => database.prepare<[], Row>(SELECT).all());
  for (const { reporter, stored, expired, numbered, found } of rows) {
    if (stored - expired !== found)
      find(`Of reporter ${reporter}, ${stored} rows were acknowledged and ${expired} expired, but ${found} are found.`);
    // Gaps that were closed to bound the set make it larger, never smaller.
    if (numbered < stored)
      find(`Of reporter ${reporter}, ${stored} rows were acknowledged, but only ${numbered} numbers are remembered.`);
  }
}

const SELECT = `
  SELECT p.reporter, p.stored, p.expired, coalesce(a.numbered, 0) AS numbered, coalesce(o.found, 0) AS found FROM process p
    LEFT JOIN (SELECT process, sum(last - first + 1) AS numbered FROM acknowledged GROUP BY process) a ON a.process = p.number
    LEFT JOIN (SELECT process, sum(parts) AS found FROM observation GROUP BY process) o ON o.process = p.number
  WHERE p.stored - p.expired != coalesce(o.found, 0) OR coalesce(a.numbered, 0) < p.stored`;
