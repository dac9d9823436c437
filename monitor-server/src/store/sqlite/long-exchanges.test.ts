import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { CALL, createReporter, loopback, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { openTemporary } from '../testing/opened.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

it('a database of before long exchanges were known has them once it was opened, also those over two stretches', async () => {
  await using opened = await openTemporary(async (path) =>
    createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: 24 * 60 * MINUTE })),
  );
  const [shop, bank] = [createReporter({ name: 'shop' }), createReporter({ name: 'bank', port: 4611 })];
  const told = { connection: loopback(5000, 4611), ordinal: 0, end: 3 * MINUTE } as const;
  await opened.send(shop, [shop.called({ ...told, start: NOON - 50, call: { ...CALL, address: 'localhost:4611' } })]);
  await opened.send(bank, [bank.served({ ...told, start: NOON + 50 })]);
  await opened.settle(SECOND);
  const inFlight = async (): Promise<number> => (await opened.store.picture(NOON + 2 * MINUTE)).feed.exchanges.length;
  expect(await inFlight()).toBe(1);

  const database = new SqliteDatabase(opened.path);
  database.exec("DELETE FROM long_exchange; UPDATE meta SET value = 0 WHERE name = 'long_exchanges_known'");
  database.close();
  expect(await opened.store.check()).toEqual([expect.stringMatching(/^long exchange of .* is missing$/)]);
  await opened.reopen();
  expect([await inFlight(), await opened.store.check()]).toEqual([1, []]);

  await opened.store.forget(NOON);
  expect([await inFlight(), await opened.store.check()]).toEqual([0, []]);
});
