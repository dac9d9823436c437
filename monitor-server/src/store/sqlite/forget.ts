import type { Database } from 'better-sqlite3';
import type { WorkingSet } from './working-set.ts';

/** Exchanges forgotten in one commit, at most: others wait no longer than that takes. */
const CHUNK = 2_000;

/**
 * Forgets the oldest exchanges that began before a time, whole: both halves of each go, and what they counted goes with
 * them. The rows are counted as expired. (When partitions come, a stretch is dropped here instead.)
 */
export function createForget(database: Database) {
  const select = database.prepare<[number, number], { exchange: number }>(
    `SELECT o.exchange FROM observation o JOIN exchange e ON e.id = o.exchange
     WHERE o.time < ? AND (o.role = 1 OR e.client_time IS NULL) ORDER BY o.time, o.seq LIMIT ?`,
  );
  const dropChildren = database.prepare<[number]>('DELETE FROM child WHERE parent = ?');
  const dropStates = database.prepare<{ before: number }>(
    `DELETE FROM state_change WHERE at < @before AND EXISTS (
       SELECT 1 FROM state_change later WHERE later.node = state_change.node AND later.at > state_change.at AND later.at < @before)`,
  );
  const keptSince = database.prepare<[string, number]>(
    `INSERT INTO meta VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value`,
  );
  return (working: WorkingSet, before: number): { readonly expired: number; readonly done: boolean } => {
    let expired = 0;
    const ids = select.all(before, CHUNK);
    for (const { exchange: id } of ids) {
      const exchange = working.exchanges.get(id);
      if (exchange === null) continue;
      working.pending.forget(exchange);
      expired += working.exchanges.remove(exchange);
      for (const half of [exchange.client, exchange.server]) if (half !== null) working.processes.touch(half.process);
      dropChildren.run(id);
    }
    const done = ids.length < CHUNK;
    if (done) dropStates.run({ before });
    if (done) for (const name of ['facts_since', 'rollups_since']) keptSince.run(name, before);
    return { expired, done };
  };
}
