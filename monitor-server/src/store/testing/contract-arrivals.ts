import { describe, expect, it } from 'vitest';
import type { Arrival, ArrivalsQuery } from '../store.ts';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, MINUTE, NOON } from './estate.ts';
import { openTemporary } from './opened.ts';

const FROM_THE_FIRST: ArrivalsQuery = {
  after: { time: 0, seq: 0 },
  before: NOON + MINUTE,
  storedAfter: null,
  again: [],
  limit: 100,
};
const starts = (arrivals: readonly Arrival[]) => arrivals.map(({ detail }) => (detail.exchange.start - NOON) / MINUTE);

export function describeArrivals(name: string, open: OpenStore): void {
  describe(`${name}: arrivals`, () => {
    it('come in the order in which they began, and say how far that was', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      await opened.send(bank, [bank.served({ start: NOON })]);
      await opened.send(bank, [bank.served({ start: NOON - 10 * MINUTE })]);
      await opened.send(bank, [bank.served({ start: NOON - 5 * MINUTE })], 1);
      await opened.settle(MINUTE);
      const first = await opened.store.arrivals({ ...FROM_THE_FIRST, limit: 1 });
      expect(starts(first.arrivals)).toEqual([-10]);
      expect(first).toMatchObject({ more: true, end: 3, unattributed: [] });
      const rest = await opened.store.arrivals({ ...FROM_THE_FIRST, after: first.cursor });
      expect(starts(rest.arrivals)).toEqual([-5, 0]);
      expect(rest.arrivals.map(({ arrivedAt }) => arrivedAt)).toEqual([NOON + 1, NOON]);
      expect(rest.more).toBe(false);
      expect(rest.cursor).toEqual(opened.store.placeOf(rest.arrivals[1]?.detail.exchange.id ?? ''));
      expect(starts((await opened.store.arrivals({ ...FROM_THE_FIRST, before: NOON })).arrivals)).toEqual([-10, -5]);
      expect(starts((await opened.store.arrivals({ ...FROM_THE_FIRST, storedAfter: 2 })).arrivals)).toEqual([-5]);
      expect(await opened.store.arrivals({ ...FROM_THE_FIRST, after: rest.cursor })).toMatchObject({
        arrivals: [],
        cursor: rest.cursor,
      });
    });

    it('that are not attributed yet are named, in whatever page and whenever they are asked for', async () => {
      await using opened = await openTemporary(open);
      const shop = createReporter({ name: 'shop', machine: 'street' });
      await opened.send(shop, [shop.called({ start: NOON, call: { ...CALL, address: 'mainframe:9000' } })]);
      const { arrivals, unattributed, end } = await opened.store.arrivals(FROM_THE_FIRST);
      expect([arrivals, unattributed.length]).toEqual([[], 1]);
      const late = await opened.store.arrivals({ ...FROM_THE_FIRST, storedAfter: end });
      expect(late.unattributed).toEqual(unattributed);
      const later = { ...FROM_THE_FIRST, before: 0, again: unattributed };
      expect((await opened.store.arrivals(later)).unattributed).toEqual(unattributed);
      await opened.settle(MINUTE);
      const [told] = (await opened.store.arrivals(later)).again;
      expect(told?.detail.exchange.id).toBe(unattributed[0]);
    });

    it('are told once when their halves join, and again when asked', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', machine: 'vault', port: 4611 });
      const shop = createReporter({ name: 'shop', machine: 'street' });
      const connected = { connection: loopback(5000, 4611), ordinal: 0 };
      await opened.send(shop, [shop.called({ start: NOON, ...connected })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, end: 500, ...connected })]);
      const { arrivals, cursor } = await opened.store.arrivals(FROM_THE_FIRST);
      expect(arrivals).toMatchObject([{ detail: { exchange: { halves: 'both' } }, inheritedTraceparent: null }]);
      const id = arrivals[0]?.detail.exchange.id ?? '';
      const again = await opened.store.arrivals({ ...FROM_THE_FIRST, after: cursor, again: [id, '77', '1-1'] });
      expect(again.arrivals).toEqual([]);
      expect(again.again).toEqual(arrivals);
    });

    it('know the traceparent of the exchange above them', async () => {
      await using opened = await openTemporary(open);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const bank = createReporter({ name: 'bank', port: 4611 });
      const outer = bank.served({ start: NOON, ids: { traceparent } });
      const call = { ...CALL, address: 'mainframe:9000' };
      await opened.send(bank, [outer, bank.called({ start: NOON + 200, call, parentNo: outer.exchangeNo })]);
      await opened.settle(MINUTE);
      const { arrivals } = await opened.store.arrivals(FROM_THE_FIRST);
      expect(arrivals.map(({ inheritedTraceparent }) => inheritedTraceparent)).toEqual([null, traceparent]);
    });
  });
}
