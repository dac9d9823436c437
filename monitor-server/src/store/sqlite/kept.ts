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
  /** The first and the last minute, counted, that figures are kept of by the minute, open or closed. Null: of none. */
  readonly minutes: { readonly first: number; readonly last: number } | null;
  /** The first hour, counted, that figures are kept of by the hour. Null: of none. */
  readonly firstHour: number | null;
}

export const readKept = (database: Database): Kept => createKeptReader(database)();

/** `facts_from` and `rollups_since` are written by who drops them; absent: nothing was dropped yet. */
export function createKeptReader(database: Database): () => Kept {
  const values = database.prepare<[], readonly [string, number]>('SELECT name, value FROM meta').raw();
  const closings = database.prepare<[], readonly [string, number]>('SELECT tier, bucket FROM rollup_closed').raw();
  // One bound a question: with both, SQLite reads the whole table.
  const bound = (what: string, table: string) =>
    database.prepare<[], number | null>(`SELECT ${what} FROM ${table}`).pluck();
  const open = [bound('min(minute)', OPEN_MINUTES), bound('max(minute)', OPEN_MINUTES)];
  const closedMinutes = [bound('min(key)', MINUTE.bands), bound('max(key)', MINUTE.bands)];
  const firstHour = bound('min(key)', HOUR.bands);
  const bucket = (key: number | null): number | null => (key === null ? null : bucketOfKey(key));

  return () => {
    const meta = new Map(values.all());
    const closed = new Map(closings.all());
    const until: { readonly [Name in TierName]: number } = {
      minute: Number.MAX_SAFE_INTEGER,
      tenMinutes: (closed.get('tenMinutes') ?? 0) * TEN_MINUTES.micros,
      hour: (closed.get('hour') ?? 0) * HOUR.micros,
    };
    const minutes = [
      ...open.map((select) => select.get() ?? null),
      ...closedMinutes.map((select) => bucket(select.get() ?? null)),
    ].filter((minute) => minute !== null);
    return {
      factsSince: meta.get('facts_from') ?? 0,
      rollupsSince: meta.get('rollups_since') ?? 0,
      totalsSince: (closed.get('total') ?? 0) * HOUR.micros,
      closedUntil: (tier) => until[tier],
      openSince: closed.get('minute') ?? 0,
      minutes: minutes.length === 0 ? null : { first: Math.min(...minutes), last: Math.max(...minutes) },
      firstHour: bucket(firstHour.get() ?? null),
    };
  };
}
