import type { Database } from 'better-sqlite3';
import type { Limits } from '../store.ts';
import { bandKey, bucketOfKey } from './band-blob.ts';
import type { Partition } from './partitions.ts';
import { MINUTE, OPEN_MINUTES, TIERS, TOTAL_SECONDS } from './tiers.ts';
import type { WorkingSet } from './working-set.ts';

/** Minutes of rollups forgotten in one commit, at most. */
const MINUTES_PER_TURN = 60;
/** Free pages given back to the disk in one commit, at most: each is moved, so others wait some milliseconds. */
const PAGES_PER_TURN = 500;
/** So much of the file stays free for what comes next. */
const FREE_SHARE = 0.25;

export interface ForgetStep {
  readonly expired: number;
  /** False when more remains: it is asked again, so that others get their turn. */
  readonly done: boolean;
}

/**
 * Forgets one thing that is older than it is kept, or too much: the bodies of a stretch, a stretch, some rollups. Stretches
 * are dropped whole, the oldest first, and their rows are counted as expired. Their rollups stay, with an age of their own.
 */
export function createForget(database: Database) {
  const dropStates = database.prepare<{ before: number }>(
    `DELETE FROM state_change WHERE at < @before AND EXISTS (
       SELECT 1 FROM state_change later WHERE later.node = state_change.node AND later.at > state_change.at AND later.at < @before)`,
  );
  const ofTable = (table: string, column: string, micros: number, only = '1') => {
    const oldest = database.prepare<[], number | null>(`SELECT min(${column}) FROM ${table} WHERE ${only}`).pluck();
    const remove = database.prepare<[number]>(`DELETE FROM ${table} WHERE ${only} AND ${column} < ?`);
    const isBand = column === 'key';
    return {
      micros,
      step: (MINUTES_PER_TURN * 60_000_000) / micros,
      oldest(): number | null {
        const value = oldest.get() ?? null;
        return isBand && value !== null ? bucketOfKey(value) : value;
      },
      remove: (bucket: number): void => void remove.run(isBand ? bandKey(bucket, 0) : bucket),
    };
  };
  const tiers = [
    ofTable(OPEN_MINUTES, 'minute', MINUTE.micros),
    ...TIERS.map(({ bands, micros }) => ofTable(bands, 'key', micros)),
    ...TOTAL_SECONDS.map((seconds) => ofTable('rollup_total', 'bucket', seconds * 1_000_000, `seconds = ${seconds}`)),
  ];
  const keepSince = database.prepare<[number]>(
    `INSERT INTO meta VALUES ('rollups_since', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value`,
  );
  const pragma = (name: string): number => Number(database.pragma(name, { simple: true }));
  const usedBytes = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');

  const forgetRollups = (before: number): boolean => {
    let done = true;
    for (const { micros, step, oldest, remove } of tiers) {
      const first = oldest();
      // The bucket that the limit lies in stays.
      const end = Math.floor(before / micros);
      if (first === null || first >= end) continue;
      remove(Math.min(first + step, end));
      keepSince.run(Math.min(first + step, end) * micros);
      if (first + step < end) done = false;
    }
    return done;
  };
  const dropOldest = (working: WorkingSet, partition: Partition): number => {
    let expired = 0;
    for (const exchange of working.exchanges.forget(partition)) working.pending.forget(exchange);
    for (const { process: number, rows } of working.partitions.drop(partition)) {
      const process = working.processes.ofNumber(number);
      process.expired += rows;
      working.processes.touch(process);
      expired += rows;
    }
    working.meta.factsFrom = Math.max(working.meta.factsFrom, partition.to);
    return expired;
  };

  return (working: WorkingSet, limits: Limits): ForgetStep => {
    const { before, bodiesBefore = before, rollupsBefore = before, bytesMax = null } = limits;
    const [oldest, next] = working.partitions.all();
    const isTooMuch = bytesMax !== null && next !== undefined && usedBytes() > bytesMax;
    if (oldest !== undefined && (oldest.to <= before || isTooMuch))
      return { expired: dropOldest(working, oldest), done: false };
    const stale = working.partitions.all().find(({ to, hasBodies }) => hasBodies && to <= bodiesBefore);
    if (stale !== undefined) {
      working.partitions.dropBodies(stale);
      return { expired: 0, done: false };
    }
    // Never before the facts that they were folded from.
    if (!forgetRollups(Math.min(rollupsBefore, oldest?.from ?? rollupsBefore))) return { expired: 0, done: false };
    dropStates.run({ before: rollupsBefore });
    const free = pragma('freelist_count') - FREE_SHARE * pragma('page_count');
    if (free >= PAGES_PER_TURN) {
      database.exec(`PRAGMA incremental_vacuum(${PAGES_PER_TURN})`);
      return { expired: 0, done: false };
    }
    return { expired: 0, done: true };
  };
}
