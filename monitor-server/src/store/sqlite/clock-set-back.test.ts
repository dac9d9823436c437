import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CALL, createReporter, loopback, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-clock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = 60 * MINUTE;
const WAIT = 2 * SECOND;
const settings = { clock: () => NOON, retentionMicros: 24 * HOUR };
const bank = createReporter({ name: 'bank', port: 4611 });
const shop = createReporter({ name: 'shop' });
const shown = async (store: ReturnType<typeof createStoreFace>) =>
  (await store.topology({ from: NOON - 2 * HOUR, to: NOON + MINUTE }, 'endpoint')).links.map(({ count }) => count);

it('a half waits no longer than others when the clock is set back while it waits, also over a restart', async () => {
  const path = join(folder, 'a.db');
  const first = createStoreFace(openDirectPorts(path, settings));
  await first.append(bank.report([bank.served({ start: NOON, call: CALL })]), bank.receipt(NOON));
  expect(await first.settle(NOON + SECOND, WAIT, MINUTE)).toEqual({ waiting: 1 });
  expect(await first.settle(NOON - HOUR, WAIT, MINUTE)).toEqual({ waiting: 1 });
  await first.append(bank.report([bank.served({ start: NOON + 1, call: CALL })]), bank.receipt(NOON));
  await first.close();
  const store = createStoreFace(openDirectPorts(path, settings));
  expect(await store.settle(NOON - HOUR + SECOND, WAIT, MINUTE)).toEqual({ waiting: 2 });
  expect(await shown(store)).toEqual([]);
  expect(await store.settle(NOON - HOUR + SECOND + WAIT, WAIT, MINUTE)).toEqual({ waiting: 0 });
  expect(await shown(store)).toEqual([2]);
  expect(await store.check()).toEqual([]);
  await store.close();
});

it('a half that was shown alone is joined by its other half after the clock was set back', async () => {
  const store = createStoreFace(openDirectPorts(join(folder, 'a.db'), settings));
  const connection = loopback(5_000, 4611);
  await store.append(
    bank.report([bank.served({ start: NOON, call: CALL, connection, ordinal: 0 })]),
    bank.receipt(NOON),
  );
  await store.settle(NOON - HOUR, WAIT, MINUTE);
  await store.settle(NOON - HOUR + 30 * SECOND, WAIT, MINUTE);
  expect(await shown(store)).toEqual([1]);
  const row = shop.called({
    start: NOON - 10,
    call: { ...CALL, address: '127.0.0.1:4611' },
    connection,
    ordinal: 0,
    end: 1_100,
  });
  await store.append(shop.report([row]), shop.receipt(NOON - HOUR + 31 * SECOND));
  await store.settle(NOON - HOUR + 40 * SECOND, WAIT, MINUTE);
  expect(await shown(store)).toEqual([1]);
  const { exchanges } = await store.exchanges({
    ...{ window: { from: NOON - 2 * HOUR, to: NOON + MINUTE }, node: null, link: null, operation: null, outcome: null },
    ...{ minDurationMicros: null, fault: null, text: null, cursor: null, limit: 10 },
  });
  expect(exchanges).toMatchObject([{ halves: 'both' }]);
  await store.close();
});

it('a half is joined by its other half, and nobody is given up, when the clock was set forward while they waited', async () => {
  const store = createStoreFace(openDirectPorts(join(folder, 'a.db'), settings));
  const connection = loopback(5_000, 4611);
  const kiosk = createReporter({ name: 'kiosk' });
  const open = kiosk.called({ start: NOON, call: CALL, part: 'open' });
  await store.append(
    bank.report([bank.served({ start: NOON, call: CALL, connection, ordinal: 0 })]),
    bank.receipt(NOON),
  );
  await store.append(kiosk.report([open]), kiosk.receipt(NOON));
  await store.settle(NOON + SECOND, WAIT, MINUTE);
  await store.settle(NOON + HOUR, WAIT, MINUTE, true);
  const row = shop.called({
    start: NOON - 10,
    call: { ...CALL, address: '127.0.0.1:4611' },
    connection,
    ordinal: 0,
    end: 1_100,
  });
  await store.append(shop.report([row], { sentAt: NOON + SECOND }), shop.receipt(NOON + HOUR + SECOND));
  await store.settle(NOON + HOUR + 30 * SECOND, WAIT, MINUTE);
  const { exchanges } = await store.exchanges({
    ...{
      window: { from: NOON - 2 * HOUR, to: NOON + 2 * HOUR },
      node: null,
      link: null,
      operation: null,
      outcome: null,
    },
    ...{ minDurationMicros: null, fault: null, text: null, cursor: null, limit: 10 },
  });
  expect(exchanges.map(({ halves, lost }) => [halves, lost])).toEqual([
    ['both', false],
    ['client', false],
  ]);
  expect(await store.check()).toEqual([]);
  await store.close();
});
