import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { seededRandom } from '@soa-monitor/protocol';
import { openStore } from '@soa-monitor/server';
import Database from 'better-sqlite3';
import { print } from '../../figure.ts';
import { type Dataset, dataset } from './dataset.ts';
import { rawPath } from './raw-rows.ts';

const BENCH = 'drop';
/** Of the day that is let go, from its beginning. */
const SHARE = 1 / 4;
const PROBE_MILLIS = 5;

/** What the peer's secondary index is on. The prototype measured the second: the 128-bit id of a trace, in no order of time. */
type Indexed = 'a number that grows with time' | 'a random 128-bit id';

/**
 * Letting go of the oldest stretch: how long the store's writer is held at a time (a small write beside it waits so long),
 * and what it takes in all, against DELETE on a plain table with one secondary index. On copies of the day.
 */
export async function dropBench(observations: number): Promise<void> {
  const day = await dataset(observations);
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-drop-'));
  try {
    const before = day.from + Math.floor((day.to - day.from) * SHARE);
    // Each by itself: a small write that comes between takes its time from both.
    const held = await forgetting(folder, day, before, true);
    const ours = await forgetting(folder, day, before, false);
    const rows = ours.expired;
    print({
      ...{ bench: BENCH, figure: `writer held at a time, ${rows} observations dropped`, value: held.heldMillis },
      ...{ unit: 'ms', peer: null, must: 120, goal: 60, holds: held.heldMillis <= 120 },
    });
    for (const indexed of ['a number that grows with time', 'a random 128-bit id'] as const) {
      const theirs = deleting(folder, day, before, indexed);
      const times = Number((theirs.millis / ours.millis).toPrecision(4));
      const isAsked = indexed === 'a random 128-bit id';
      print({
        ...{
          bench: BENCH,
          figure: `faster than DELETE on a table with an index on ${indexed}`,
          value: times,
          unit: '×',
        },
        ...{ peer: `DELETE of ${theirs.rows} rows`, must: isAsked ? 20 : null, goal: isAsked ? 30 : null },
        holds: isAsked ? times >= 20 : null,
      });
      process.stderr.write(
        `${BENCH}: ours ${ours.millis.toFixed(0)} ms, DELETE ${theirs.millis.toFixed(0)} ms (${indexed})\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function forgetting(folder: string, day: Dataset, before: number, isProbed: boolean) {
  const path = join(folder, 'monitor.sqlite');
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  cpSync(join(day.data, 'monitor.sqlite'), path);
  const store = await openStore({ path, clock: () => day.to });
  let isDone = !isProbed;
  const probe = async (): Promise<number> => {
    let held = 0;
    while (!isDone) {
      const startedAt = performance.now();
      await store.placeNode('bench', 'bench', { x: startedAt, y: 0, pinned: false });
      held = Math.max(held, performance.now() - startedAt);
      await after(PROBE_MILLIS);
    }
    return held;
  };
  await store.putView('bench', { nodes: {}, settings: {} }, null);
  const held = probe();
  const startedAt = performance.now();
  // Figures have an age of their own, and the peer has none.
  const { expired } = await store.forget(before, { rollupsBefore: 0 });
  const millis = performance.now() - startedAt;
  isDone = true;
  const heldMillis = Number((await held).toPrecision(4));
  await store.close();
  return { millis, heldMillis, expired };
}

function deleting(folder: string, day: Dataset, before: number, indexed: Indexed) {
  const path = join(folder, 'raw.sqlite');
  cpSync(rawPath(day.folder), path);
  const database = new Database(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -65536']) database.pragma(pragma);
  if (indexed === 'a random 128-bit id') addTraces(database);
  database.exec(
    `CREATE INDEX observation_second ON observation (${indexed === 'a random 128-bit id' ? 'trace' : 'exchange'})`,
  );
  const startedAt = performance.now();
  const { changes } = database.prepare('DELETE FROM observation WHERE time < ?').run(before);
  const millis = performance.now() - startedAt;
  database.close();
  return { millis, rows: changes };
}

/** Gives each exchange an id as tracing has them: 16 bytes, the same for its two rows. */
function addTraces(database: Database.Database): void {
  const bytes = Buffer.alloc(16);
  database.function('trace_of', { deterministic: true }, (exchange: unknown) => {
    const random = seededRandom(Number(exchange));
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
    return bytes;
  });
  database.exec('ALTER TABLE observation ADD COLUMN trace BLOB');
  database.exec('UPDATE observation SET trace = trace_of(exchange)');
  database.pragma('wal_checkpoint(TRUNCATE)');
}
