import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { openStore } from '@soa-monitor/server';
import Database from 'better-sqlite3';
import { print } from '../../figure.ts';
import { type Dataset, dataset } from './dataset.ts';
import { rawPath } from './raw-rows.ts';

const BENCH = 'drop';
/** Of the day that is let go, from its beginning. */
const SHARE = 1 / 4;
const PROBE_MILLIS = 5;

/**
 * Letting go of the oldest stretch: how long the store's writer is held at a time (a small write beside it waits so long),
 * and what it takes in all, against DELETE on a plain table with one secondary index. On copies of the day.
 */
export async function dropBench(observations: number): Promise<void> {
  const day = await dataset(observations);
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-drop-'));
  try {
    const before = day.from + Math.floor((day.to - day.from) * SHARE);
    const ours = await forgetting(folder, day, before);
    const theirs = deleting(folder, day, before);
    const rows = ours.expired;
    print({
      ...{ bench: BENCH, figure: `writer held at a time, ${rows} observations dropped`, value: ours.heldMillis },
      ...{ unit: 'ms', peer: null, must: 120, goal: 60, holds: ours.heldMillis <= 120 },
    });
    const times = Number((theirs.millis / ours.millis).toPrecision(4));
    print({
      ...{ bench: BENCH, figure: 'faster than DELETE on an indexed table', value: times, unit: '×' },
      ...{ peer: `DELETE of ${theirs.rows} rows`, must: 20, goal: 30, holds: times >= 20 },
    });
    process.stderr.write(`${BENCH}: ours ${ours.millis.toFixed(0)} ms, DELETE ${theirs.millis.toFixed(0)} ms\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function forgetting(folder: string, day: Dataset, before: number) {
  const path = join(folder, 'monitor.sqlite');
  cpSync(join(day.data, 'monitor.sqlite'), path);
  const store = await openStore({ path, clock: () => day.to });
  let isDone = false;
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

function deleting(folder: string, day: Dataset, before: number) {
  const path = join(folder, 'raw.sqlite');
  cpSync(rawPath(day.folder), path);
  const database = new Database(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -65536']) database.pragma(pragma);
  database.exec('CREATE INDEX observation_exchange ON observation (exchange)');
  const startedAt = performance.now();
  const { changes } = database.prepare('DELETE FROM observation WHERE time < ?').run(before);
  const millis = performance.now() - startedAt;
  database.close();
  return { millis, rows: changes };
}
