import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, loopback, MILLI, MINUTE, NOON, SECOND } from './estate.ts';
import { AROUND, openTemporary } from './opened.ts';

export function describeRecords(name: string, open: OpenStore): void {
  describe(`${name}: records`, () => {
    it('acknowledges a repeat and changes nothing', async () => {
      await using opened = await openTemporary(open);
      const { store } = opened;
      const bank = createReporter({ name: 'bank', port: 4611 });
      const rows = [bank.served({ start: NOON }), bank.served({ start: NOON + 1 })];
      expect(await store.append(bank.report(rows), bank.receipt(NOON))).toMatchObject({ acknowledged: 2 });
      await opened.settle(SECOND);
      expect(await store.append(bank.report(rows), bank.receipt(NOON + SECOND))).toMatchObject({ acknowledged: 2 });
      await opened.settle(2 * SECOND);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 2']);
      expect((await store.accounting(NOON)).stored).toBe(2);
    });

    it('knows a repeat after a restart too', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const rows = [bank.served({ start: NOON })];
      await opened.send(bank, rows);
      await opened.reopen();
      await opened.store.append(bank.report(rows), bank.receipt(NOON));
      await opened.settle(SECOND);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 1']);
    });

    it('shows a call in flight, and completes the same record when it ends', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const open_ = bank.served({ start: NOON, part: 'open' });
      const close = bank.served({ start: NOON, part: 'close', exchangeNo: open_.exchangeNo, end: 3 * SECOND });
      await opened.send(bank, [open_]);
      await opened.settle(SECOND);
      expect(await opened.exchanges()).toMatchObject([{ outcome: null, durationMicros: null, lost: false }]);
      expect(opened.feed().exchanges[0]?.slice(3, 5)).toEqual(['balance', null]);
      expect(await opened.links()).toEqual([]);
      // A new offset of the clock does not move it: a close has the key time of its open.
      await opened.store.append(bank.report([close], { sentAt: NOON - 9 * SECOND }), bank.receipt(NOON + 3 * SECOND));
      expect(await opened.exchanges()).toMatchObject([{ start: NOON, outcome: 'ok', durationMicros: 3 * SECOND }]);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 1']);
      expect(await opened.store.check()).toEqual([]);
    });

    it('takes a close that overtakes its open', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const open_ = bank.served({ start: NOON, part: 'open' });
      const close = bank.served({ start: NOON, part: 'close', exchangeNo: open_.exchangeNo });
      await opened.send(bank, [close]);
      await opened.send(bank, [open_], MILLI);
      await opened.settle(SECOND);
      expect(await opened.exchanges()).toMatchObject([{ outcome: 'ok' }]);
      expect((await opened.store.accounting(NOON)).difference).toBe(0);
      expect(await opened.store.check()).toEqual([]);
    });

    it('marks a call as lost when its process falls silent, and takes the mark away when the call ends after all', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const open_ = bank.served({ start: NOON, part: 'open' });
      await opened.send(bank, [open_]);
      await opened.settle(SECOND);
      await opened.settle(20 * SECOND);
      expect(await opened.exchanges()).toMatchObject([{ outcome: null, lost: true }]);
      expect(opened.feed().exchanges[0]?.[4]).toBe(2);
      const close = bank.served({ start: NOON, part: 'close', exchangeNo: open_.exchangeNo, end: 30 * SECOND });
      await opened.send(bank, [close], 30 * SECOND);
      expect(await opened.exchanges()).toMatchObject([{ outcome: 'ok', lost: false }]);
    });

    it('places a record by its time corrected by what the clock is behind', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const behind = 10 * MINUTE;
      const report = bank.report([bank.served({ start: NOON - behind })], { sentAt: NOON - behind });
      await opened.store.append(report, bank.receipt(NOON));
      const delayed = createReporter({ name: 'late', port: 4612 });
      await opened.store.append(
        delayed.report([delayed.served({ start: NOON - 300 * MILLI })], { sentAt: NOON - 300 * MILLI }),
        delayed.receipt(NOON),
      );
      await opened.settle(SECOND);
      expect((await opened.exchanges()).map(({ start }) => start)).toEqual([NOON, NOON - 300 * MILLI]);
    });

    it('places a record with an absurd time at its receipt', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const rows = [bank.served({ start: 1_000 }), bank.served({ start: NOON + 60 * MINUTE })];
      await opened.send(bank, rows, SECOND);
      await opened.settle(2 * SECOND);
      expect((await opened.exchanges()).map(({ start }) => start)).toEqual([NOON + SECOND, NOON + SECOND]);
    });

    it('forgets what is older, and counts it as expired', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop' });
      const connection = loopback(5000, 4611);
      await opened.send(shop, [
        shop.called({ start: NOON - MINUTE, connection, ordinal: 0 }),
        shop.called({ start: NOON + MINUTE, connection, ordinal: 1 }),
      ]);
      await opened.send(bank, [
        bank.served({ start: NOON - MINUTE + 100, connection, ordinal: 0 }),
        bank.served({ start: NOON + MINUTE + 100, connection, ordinal: 1 }),
      ]);
      expect(await opened.store.forget(NOON + MINUTE, { rollupsBefore: 0 })).toEqual({ expired: 2 });
      expect(await opened.exchanges()).toHaveLength(1);
      expect(await opened.links()).toEqual(['shop → /bank: 2']);
      await opened.store.forget(NOON + MINUTE);
      expect(await opened.links()).toEqual(['shop → /bank: 1']);
      const accounting = await opened.store.accounting(NOON);
      expect(accounting).toMatchObject({ stored: 2, expired: 2, acknowledged: 4, difference: 0 });
      expect(await opened.store.check()).toEqual([]);
      expect((await opened.store.topology({ from: AROUND.from, to: NOON + MINUTE }, 'endpoint')).links).toEqual([]);
    });
  });
}
