import type { Links } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';

const PAGE_MAX = 10_000;

interface Row {
  readonly number: number;
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly first_seen: number;
  readonly last_seen: number;
}

/** The links that had traffic, in the order of their appearance, and when an exchange of theirs first and last began. */
export function readLinks(database: Database, cursor: string | null, limit: number): Links {
  const select = database.prepare<[number, number], Row>(
    `SELECT l.number, l.id, l.source, l.target, s.first_seen, s.last_seen
     FROM link l CROSS JOIN link_seen s ON s.link = l.number WHERE l.number > ? ORDER BY l.number LIMIT ?`,
  );
  const bounded = Math.min(Math.max(1, limit), PAGE_MAX);
  const rows = select.all(Number(cursor ?? 0) || 0, bounded);
  const last = rows.length < bounded ? undefined : rows[rows.length - 1];
  return {
    links: rows.map((row) => ({
      id: row.id,
      source: row.source,
      target: row.target,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
    })),
    cursor: last === undefined ? null : String(last.number),
  };
}
