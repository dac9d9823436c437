import type { Database } from 'better-sqlite3';
import { MINUTE_MICROS } from './rollups.ts';

/**
 * From when on the facts are whole, in whole minutes: stretches before it were dropped, so what is derived of earlier times
 * cannot be told from facts any more, nor be built anew. 0 where none was.
 */
export function wholeSince(database: Database): number {
  const from = database.prepare<[], number>("SELECT value FROM meta WHERE name = 'facts_from'").pluck().get() ?? 0;
  return Math.ceil(from / MINUTE_MICROS) * MINUTE_MICROS;
}
