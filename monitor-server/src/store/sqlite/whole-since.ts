import type { Database } from 'better-sqlite3';
import { MINUTE_MICROS } from './rollups.ts';
import { scanExchanges } from './scan.ts';

/**
 * From when on the facts are whole: what is derived of earlier times cannot be told from them any more, nor be built anew.
 * The oldest go first, so this is the minute after the oldest that is left; the beginning of time where none has expired.
 */
export function wholeSince(database: Database): number {
  const { expired } = database
    .prepare<[], { expired: number }>('SELECT coalesce(sum(expired), 0) AS expired FROM process')
    .get() ?? { expired: 0 };
  if (expired === 0) return 0;
  const oldest = scanExchanges(database, { from: 0, to: Number.MAX_SAFE_INTEGER }).next().value;
  return oldest === undefined ? Number.MAX_SAFE_INTEGER : (Math.floor(oldest.time / MINUTE_MICROS) + 1) * MINUTE_MICROS;
}
