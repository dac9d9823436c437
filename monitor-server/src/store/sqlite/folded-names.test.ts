import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { startServer } from '../../testing/start-server.ts';
import { createReporter, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { CALLS_PER_OWNER_MAX, OTHER } from './dictionaries.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

const NAMES = 100_000;
const NAMES_PER_REPORT = 10_000;
const MEGABYTE = 1_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

it('a client that invents 100,000 operations fills "(other)" behind the limit; answers say so, and nothing grows on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'soa-folded-'));
  const path = join(folder, 'monitor.sqlite');
  const store = createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: 24 * 60 * MINUTE }));
  const shop = createReporter({ name: 'shop' });
  const kept = () => {
    const database = new SqliteDatabase(path, { readonly: true });
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    const counted = { calls: count('call'), operations: count('operation'), cells: count('rollup_minute') };
    database.close();
    return counted;
  };
  const marks: { readonly kept: unknown; readonly heap: number }[] = [];
  for (let first = 0; first < NAMES; first += NAMES_PER_REPORT) {
    const rows = Array.from({ length: NAMES_PER_REPORT }, (_, index) =>
      shop.called({
        start: NOON + first + index,
        call: { path: '/', operation: { namespace: 'urn:x', name: `name${first + index}` }, address: '10.0.0.9:80' },
      }),
    );
    await store.append(shop.report(rows), shop.receipt(NOON));
    shop.acknowledged(rows);
    // All are shown, and nothing waits for another half any more.
    await store.settle(NOON + 2 * MINUTE + (first / NAMES_PER_REPORT) * 2 * SECOND, SECOND, MINUTE);
    if (first >= 2 * CALLS_PER_OWNER_MAX) marks.push({ kept: kept(), heap: heap() });
  }
  const { server, url } = await startServer(store);
  const window = `from=${NOON - MINUTE}&to=${NOON + MINUTE}`;
  const topology = await (await fetch(`${url}/api/v1/topology?${window}&level=operation`)).json();
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const named = await (await fetch(`${url}/api/v1/exchanges?${window}&operation=name99999`)).json();
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });

  expect(topology.links).toHaveLength(CALLS_PER_OWNER_MAX + 1);
  expect(topology.links.find(({ operation }: { operation: string }) => operation === OTHER)).toMatchObject({
    count: NAMES - CALLS_PER_OWNER_MAX,
  });
  expect(topology.folded).toEqual({ exchanges: NAMES - CALLS_PER_OWNER_MAX, links: 0, operations: 1 });
  expect(metrics).toContain(`\nsoa_monitor_folded_names_total ${NAMES - CALLS_PER_OWNER_MAX}\n`);
  expect(named.exchanges).toEqual([]);
  // 50,000 names later the same calls, operations and cells are kept, and the memory is what it was.
  const [early, late] = [marks.at(0), marks.at(-1)];
  expect(marks).toHaveLength(6);
  expect(late?.kept).toEqual(early?.kept);
  expect((late?.heap ?? 0) - (early?.heap ?? 0)).toBeLessThan(10 * MEGABYTE);
}, 120_000);
