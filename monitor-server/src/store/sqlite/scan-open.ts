import type { Database } from 'better-sqlite3';
import { IS_PLACING } from './partition-tables.ts';
import { listPartitions } from './partitions.ts';

/** When the exchanges began that have not ended, the newest ones: found by the small index on what is pending. */
export function startsOfOpen(database: Database, limit: number): ReadonlySet<number> {
  const starts = new Set<number>();
  let left = limit;
  for (const { number } of listPartitions(database)(0, Number.MAX_SAFE_INTEGER).toReversed()) {
    const rows = database
      .prepare<[number], { time: number }>(
        `SELECT time FROM observation_${number} WHERE pending != 0 AND link IS NOT NULL ORDER BY time DESC LIMIT ?`,
      )
      .all(left);
    for (const { time } of rows) starts.add(time);
    left -= rows.length;
    if (left <= 0) break;
  }
  return starts;
}

/** Links of exchanges of [from, to) that have not ended: they are shown, though nothing is counted. */
export function linksOfOpen(database: Database, from: number, to: number): ReadonlySet<number> {
  const links = new Set<number>();
  for (const { number } of listPartitions(database)(from, to)) {
    const rows = database
      .prepare<[number, number], { link: number }>(
        `SELECT DISTINCT link FROM observation_${number} o
         WHERE (pending != 0 OR lost = 1) AND link IS NOT NULL AND time >= ? AND time < ? AND ${IS_PLACING}`,
      )
      .all(from, to);
    for (const { link } of rows) links.add(link);
  }
  return links;
}
