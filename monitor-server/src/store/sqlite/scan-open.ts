import type { Database } from 'better-sqlite3';
import { listPartitions } from './partitions.ts';

/**
 * When the exchanges began that have not ended, before `to`, the newest ones: found by the small index on what is pending.
 * (What has a link waits for more than its other half. INDEXED BY: asked for in words that the index does not fit, it fails
 * instead of reading all that is stored.)
 */
export function startsOfOpen(database: Database, to: number, limit: number): Set<number> {
  const starts = new Set<number>();
  let left = limit;
  for (const { number } of listPartitions(database)(0, to).toReversed()) {
    const rows = database
      .prepare<[number, number], { time: number }>(
        `SELECT time FROM observation_${number} INDEXED BY pending_${number}
         WHERE pending > 1 AND link IS NOT NULL AND time < ? ORDER BY time DESC LIMIT ?`,
      )
      .all(to, left);
    for (const { time } of rows) starts.add(time);
    left -= rows.length;
    if (left <= 0) break;
  }
  return starts;
}

/** Links of exchanges of [from, to) that have not ended: they are shown, though nothing is counted. By the same index. */
export function linksOfOpen(database: Database, from: number, to: number): ReadonlySet<number> {
  const links = new Set<number>();
  for (const { number } of listPartitions(database)(from, to)) {
    const rows = database
      .prepare<[number, number], { link: number }>(
        `SELECT DISTINCT link FROM observation_${number} INDEXED BY pending_${number}
         WHERE pending > 1 AND link IS NOT NULL AND time >= ? AND time < ?`,
      )
      .all(from, to);
    for (const { link } of rows) links.add(link);
  }
  return links;
}
