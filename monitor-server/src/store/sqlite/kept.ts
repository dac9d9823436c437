import type { Database } from 'better-sqlite3';
import { HOUR, TEN_MINUTES, type TierName } from './tiers.ts';

/** From when on facts and rollups are whole, and how far the coarser tiers are written. Epoch µs. */
export interface Kept {
  /** Facts that began before it have expired. */
  readonly factsSince: number;
  readonly rollupsSince: number;
  readonly totalsSince: number;
  /** The tier is whole up to here. */
  closedUntil(tier: TierName): number;
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
  };
}
