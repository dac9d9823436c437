import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReporter, loopback, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { type Opened, openTemporary } from '../testing/opened.ts';
import { openDirectPorts } from './direct-ports.ts';
import { idOf } from './exchange-key.ts';
import { partitions } from './migrations/partitions.ts';
import { MIGRATIONS } from './migrations.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { HOUR_MICROS, listPartitions, type PartitionBounds } from './partitions.ts';
import { createReader } from './reader.ts';
import { createStoreFace } from './store-face.ts';

const BOUNDS: PartitionBounds = { lengthMicros: HOUR_MICROS, observationsMax: 4 };
const DAY = 24 * HOUR_MICROS;

const openStore = (partitions: PartitionBounds): Promise<Opened> =>
  openTemporary(async (path) =>
    createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: 30 * DAY, partitions })),
  );

const stretches = (path: string) => {
  const database = openForReading(path);
  const found = listPartitions(database)(0, Number.MAX_SAFE_INTEGER);
  database.close();
  return found.map(({ from, to, observations }) => [(from - NOON) / MINUTE, (to - NOON) / MINUTE, observations]);
};

describe('a stretch of time', () => {
  const bank = () => createReporter({ name: 'bank', port: 4611 });
  const shop = () => createReporter({ name: 'shop' });

  it('takes what began in it, also a day late, and what is derived is corrected', async () => {
    await using opened = await openStore({ ...BOUNDS, observationsMax: 1_000 });
    const reporter = bank();
    await opened.send(reporter, [reporter.served({ start: NOON }), reporter.served({ start: NOON - DAY })]);
    await opened.settle(SECOND);
    expect(stretches(opened.path)).toEqual([
      [-24 * 60, -23 * 60, 1],
      [0, 60, 1],
    ]);
    const yesterday = { from: NOON - DAY - MINUTE, to: NOON - DAY + MINUTE };
    expect((await opened.store.topology(yesterday, 'endpoint')).links).toMatchObject([{ count: 1 }]);
    expect(await opened.exchanges(yesterday)).toHaveLength(1);
    expect(await opened.store.check()).toEqual([]);
  });

  for (const isShown of [false, true]) {
    it(`joins halves that came a day late on either side of a restart, ${isShown ? 'when one is shown' : 'while one waits'}`, async () => {
      await using opened = await openStore({ ...BOUNDS, observationsMax: 1_000 });
      const [caller, callee] = [shop(), bank()];
      const connection = loopback(5000, 4611);
      await opened.send(caller, [caller.called({ start: NOON - DAY, connection, ordinal: 0 })]);
      if (isShown) expect(await opened.settle(5 * SECOND)).toBe(0);
      await opened.reopen();
      const served = callee.served({ start: NOON - DAY + 100, connection, ordinal: 0 });
      await opened.send(callee, [served], 6 * SECOND);
      const yesterday = { from: NOON - DAY - MINUTE, to: NOON - DAY + MINUTE };
      expect(await opened.exchanges(yesterday)).toMatchObject([{ halves: 'both' }]);
      expect(await opened.store.check()).toEqual([]);
    });
  }

  it('that is full ends behind its last observation, and nothing is lost or told twice at the seam', async () => {
    await using opened = await openStore(BOUNDS);
    const reporter = bank();
    for (let index = 0; index < 11; index++)
      await opened.send(reporter, [reporter.served({ start: NOON + index * SECOND })], index * SECOND);
    // It came late, and lies in the first, which is full.
    await opened.send(reporter, [reporter.served({ start: NOON + 1 })], 12 * SECOND);
    await opened.settle(60 * SECOND);
    expect(stretches(opened.path).map(([, , observations]) => observations)).toEqual([5, 4, 3]);
    const found = await opened.exchanges();
    expect(found.map(({ start }) => (start - NOON) / SECOND)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1e-6, 0]);
    const window = { from: NOON, to: NOON + MINUTE };
    const pages: string[] = [];
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const page = await opened.store.read({ window, cursor, limit: 5, sample: 1 });
      pages.push(...page.feed.exchanges.map(([id]) => id));
      cursor = page.cursor;
    }
    expect(pages).toEqual(found.map(({ id }) => id).reverse());
    expect(await opened.store.check()).toEqual([]);
  });

  it('is dropped whole: the exchange whose half lies in the next one is told by the half that is left', async () => {
    await using opened = await openStore({ ...BOUNDS, observationsMax: 1_000 });
    const [caller, callee] = [shop(), bank()];
    const connection = loopback(5000, 4611);
    await opened.send(caller, [caller.called({ start: NOON - 50, connection, ordinal: 0, end: 500 })]);
    await opened.send(callee, [callee.served({ start: NOON + 50, connection, ordinal: 0, end: 300 })]);
    await opened.settle(SECOND);
    const [exchange] = await opened.exchanges();
    expect(exchange).toMatchObject({ halves: 'both' });
    const whole = await opened.store.exchange(exchange?.id ?? '');
    expect(whole?.expired).toBeNull();
    // Its own id would lead to the half that goes; that of a list made of the other half alone leads to what is left.
    const left = idOf({ time: whole?.server?.start ?? 0, seq: 2 });
    expect(await opened.store.forget(NOON, { rollupsBefore: 0 })).toEqual({ expired: 1 });
    expect(await opened.store.exchange(exchange?.id ?? '')).toBeNull();
    expect(await opened.store.exchange(left)).toMatchObject({
      ...{ exchange: { halves: 'server', sourceName: 'shop' }, client: null, expired: 'client' },
    });
    // What was counted stays counted, once.
    expect(await opened.links()).toEqual(['shop → /bank: 1']);
    expect(await opened.exchanges()).toEqual([]);
    const accounting = await opened.store.accounting(NOON);
    expect(accounting).toMatchObject({ stored: 1, expired: 1, acknowledged: 2, difference: 0 });
    expect(await opened.store.check()).toEqual([]);
    await opened.reopen();
    await opened.settle(30 * SECOND);
    expect(await opened.store.check()).toEqual([]);
  });

  it('that is the oldest goes while the store is larger than it may be, and the newest stays', async () => {
    await using opened = await openStore({ ...BOUNDS, observationsMax: 1_000 });
    const reporter = bank();
    for (let hours = 5; hours >= 0; hours--)
      await opened.send(reporter, [reporter.served({ start: NOON - hours * HOUR_MICROS })]);
    await opened.settle(SECOND);
    expect(await opened.store.forget(0, { bytesMax: 1 })).toEqual({ expired: 5 });
    expect(stretches(opened.path)).toEqual([[0, 60, 1]]);
    expect(await opened.store.accounting(NOON)).toMatchObject({ stored: 1, expired: 5, difference: 0 });
    expect(await opened.store.check()).toEqual([]);
  });
});

describe('a database of the version before stretches of time', () => {
  let folder = '';
  let database: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soa-migration-'));
    database = new SqliteDatabase(join(folder, 'a.db'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is carried over: exchanges, what joined them, their tree, rounds, bodies, and the accounting', () => {
    const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(partitions));
    for (const migration of before) if (typeof migration === 'string') database.exec(migration);
    database.pragma(`user_version = ${before.length}`);
    const counters = JSON.stringify({
      ...{
        observed: 4,
        acknowledged: 4,
        refused: 0,
        inTransit: 0,
        queued: 0,
        dropped: {},
        noise: 0,
        pings: 0,
        failures: 0,
      },
    });
    const process = (number: number, name: string) => `
      INSERT INTO process VALUES (${number}, 'reporter-of-${name}-01', '${name}', '${name}', 'host', 1, 'node', '[]', NULL,
        '127.0.0.1', ${NOON}, ${NOON}, 0, 0, 0, '1.1', '${counters}', ${NOON}, 4, 0, 3);
      INSERT INTO acknowledged VALUES (${number}, 0, 3);`;
    const observation = (
      time: number,
      seq: number,
      exchange: number,
      who: number,
      role: number,
      parent: number | null,
    ) => `
      INSERT INTO observation (time, seq, exchange, process, exchange_no, role, call, parent_no, request_last, reply_first,
        reply_last, end_offset, request_bytes, reply_bytes, outcome, status, fault, connection, ordinal, ids, offset_micros,
        placed, parts, extras) VALUES (${time}, ${seq}, ${exchange}, ${who}, ${seq}, ${role}, 1, ${parent}, 10, 900, 950,
        1000, 100, 200, 0, 200, NULL, '127.0.0.1:4611 127.0.0.1:5000', 0, '{"messageId":"urn:1"}', 0, 0, 2, NULL);`;
    const NEXT_HOUR = NOON + HOUR_MICROS;
    database.exec(`
      ${process(1, 'shop')} ${process(2, 'bank')}
      INSERT INTO call VALUES (1, 'bank', 0, '{"path":"/bank","operation":null}');
      INSERT INTO node VALUES (1, 'a', 'client', 'shop', NULL, NULL, 1, NULL, NULL, NULL, ${NOON}, ${NOON});
      INSERT INTO node VALUES (2, 'b', 'endpoint', '/bank', NULL, NULL, 1, NULL, NULL, NULL, ${NOON}, ${NOON});
      INSERT INTO link VALUES (1, 'ab', 'a', 'b');
      ${observation(NOON, 1, 1, 1, 1, null)} ${observation(NOON + 100, 2, 1, 2, 0, null)}
      ${observation(NOON + 200, 3, 2, 2, 1, 2)} ${observation(NEXT_HOUR, 4, 3, 1, 1, null)}
      INSERT INTO exchange VALUES (1, ${NOON}, 1, ${NOON + 100}, 2, 2, 0, 1, NULL, ${NOON}, 0, 0, 5, 7);
      INSERT INTO exchange VALUES (2, ${NOON + 200}, 3, NULL, NULL, NULL, 0, 1, 1, ${NOON + SECOND}, 0, 0, NULL, NULL);
      INSERT INTO exchange VALUES (3, ${NEXT_HOUR}, 4, NULL, NULL, NULL, 1, NULL, NULL, ${NEXT_HOUR}, 0, 1, NULL, NULL);
      INSERT INTO child VALUES (1, 2);
      INSERT INTO body VALUES (${NOON}, 1, 0, '<a/>', 4, 0, 0, 'r', NULL);
      INSERT INTO attempt VALUES (1, 1, ${NEXT_HOUR}, 4);
      UPDATE meta SET value = 4 WHERE name = 'observation_seq';
    `);
    database.close();

    openForWriting(join(folder, 'a.db')).close();
    const reader = createReader(openForReading(join(folder, 'a.db')));
    const window = { from: NOON, to: NOON + 2 * HOUR_MICROS };
    const nothing = { node: null, link: null, operation: null, outcome: null, minDurationMicros: null, fault: null };
    const { exchanges } = reader.ask('exchanges', { ...nothing, window, text: null, cursor: null, limit: 10 });
    const [child, root] = exchanges;
    expect(exchanges).toMatchObject([
      { start: NOON + 200, halves: 'client', transaction: root?.id, parent: root?.id },
      { start: NOON, halves: 'both', evidence: 'connection', confidence: 'certain' },
    ]);
    expect(reader.ask('exchange', root?.id ?? '')).toMatchObject({
      client: {
        requestBody: { text: '<a/>' },
        connection: '127.0.0.1:5000 → 127.0.0.1:4611',
        ids: { messageId: 'urn:1' },
      },
      clock: { offsetMicros: 5, uncertaintyMicros: 7 },
    });
    expect(reader.ask('transaction', child?.id ?? '')?.exchanges).toHaveLength(2);
    expect(reader.ask('accounting', NOON)).toMatchObject({ stored: 8, expired: 0, difference: 0 });
    // Nothing was folded by hand, so rollups alone are found wanting.
    expect(reader.ask('check', null).filter((finding) => !/ rollup of /.test(finding))).toEqual([]);
    reader.close();
  });
});
