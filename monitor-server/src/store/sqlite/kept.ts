import type { Database } from 'better-sqlite3';
import { bucketOfKey } from './band-blob.ts';
import { HOUR, MINUTE, OPEN_MINUTES, TEN_MINUTES, type TierName } from './tiers.ts';

/** From when on facts and rollups are whole, and how far the coarser tiers are written. Epoch µs. */
export interface Kept {
  /** Facts that began before it have expired. */
  readonly factsSince: number;
  readonly rollupsSince: number;
  readonly totalsSince: number;
  /** The tier is whole up to here: minutes always are, since open ones can be read, too. */
  closedUntil(tier: TierName): number;
  /** No minute before this one, counted, is open. */
  readonly openSince: number;
}

/** `facts_from` and `rollups_since` are written by who drops them; absent: nothing was dropped yet. */
export function readKept(database: Database): Kept {
  const meta = new Map(
    database
      .prepare<[], { name: string; value: number }>('SELECT name, value FROM meta')
      .all()
      .map(({ name, value }) => [name, value]),
  );
  const closed = new Map(
    database
      .prepare<[], { tier: string; bucket: number }>('SELECT tier, bucket FROM rollup_closed')
      .all()
      .map(({ tier, bucket }) => [tier, bucket]),
  );
  const until: { readonly [Name in TierName]: number } = {
    minute: Number.MAX_SAFE_INTEGER,
    tenMinutes: (closed.get('tenMinutes') ?? 0) * TEN_MINUTES.micros,
    hour: (closed.get('hour') ?? 0) * HOUR.micros,
  };
  return {
    factsSince: meta.get('facts_from') ?? 0,
    rollupsSince: meta.get('rollups_since') ?? 0,
    totalsSince: (closed.get('total') ?? 0) * HOUR.micros,
    closedUntil: (tier) => until[tier],
    openSince: closed.get('minute') ?? 0,
  };
}

/** The first and the last minute, counted, that figures are kept of by the minute, open or closed. Null: of none. */
export function keptMinutes(database: Database): { readonly first: number; readonly last: number } | null {
  // One bound a question: with both, SQLite reads the whole table.
  const value = (what: string, table: string): number | null =>
    database.prepare<[], number | null>(`SELECT ${what} FROM ${table}`).pluck().get() ?? null;
  const minuteOf = (key: number | null): number | null => (key === null ? null : bucketOfKey(key));
  const kept = [
    ...[value('min(minute)', OPEN_MINUTES), value('max(minute)', OPEN_MINUTES)],
    ...[minuteOf(value('min(key)', MINUTE.bands)), minuteOf(value('max(key)', MINUTE.bands))],
  ].filter((minute) => minute !== null);
  return kept.length === 0 ? null : { first: Math.min(...kept), last: Math.max(...kept) };
}
