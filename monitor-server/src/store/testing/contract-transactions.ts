import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, NOON, SECOND } from './estate.ts';
import { type Opened, openTemporary } from './opened.ts';

export function describeTransactions(name: string, open: OpenStore): void {
  /** A customer books at the airline, which asks the bank while it serves the booking. */
  const estate = () => {
    const customer = createReporter({ name: 'customer' });
    const airline = createReporter({ name: 'airline', port: 4612 });
    const bank = createReporter({ name: 'bank', port: 4611 });
    const outer = { connection: loopback(5000, 4612), ordinal: 0 };
    const inner = { connection: loopback(6000, 4611), ordinal: 0 };
    const airlineCall = { ...CALL, path: '/airline' };
    const booked = airline.served({ start: NOON + 100, end: 9_000, call: airlineCall, ...outer });
    const halves = {
      booking: [customer, customer.called({ start: NOON, end: 10_000, call: airlineCall, ...outer })],
      booked: [airline, booked],
      asking: [airline, airline.called({ start: NOON + 2_000, parentNo: booked.exchangeNo, ...inner })],
      asked: [bank, bank.served({ start: NOON + 2_100, ...inner })],
    } as const;
    return { halves, reporters: [customer, airline, bank] };
  };
  const isOne = async (opened: Opened): Promise<void> => {
    expect(await opened.links()).toEqual(['/airline → /bank: 1', 'customer → /airline: 1']);
    const exchanges = await opened.exchanges();
    const root = exchanges.find((exchange) => exchange.targetName === 'airline · /airline');
    const inner = exchanges.find((exchange) => exchange.targetName === 'bank · /bank');
    expect(inner?.parent).toBe(root?.id);
    for (const exchange of exchanges) {
      const transaction = await opened.store.transaction(exchange.id);
      expect(transaction?.id).toBe(root?.id);
      expect(transaction?.exchanges.map(({ id }) => id)).toEqual([root?.id, inner?.id]);
    }
    expect(await opened.store.check()).toEqual([]);
  };
  type HalfName = keyof ReturnType<typeof estate>['halves'];
  const orders: readonly (readonly HalfName[])[] = [
    ['booking', 'booked', 'asking', 'asked'],
    ['asked', 'asking', 'booked', 'booking'],
    ['asking', 'booking', 'asked', 'booked'],
  ];

  describe(`${name}: transactions`, () => {
    for (const order of orders) {
      it(`make one tree of calls that come as ${order.join(', ')}`, async () => {
        await using opened = await openTemporary(open);
        const { halves } = estate();
        for (const half of order) await opened.send(halves[half][0], [halves[half][1]]);
        await opened.settle(SECOND);
        await isOne(opened);
      });
    }

    it('begin a call at its server when the parent never comes, and move it when the parent does', async () => {
      await using opened = await openTemporary(open);
      const { halves } = estate();
      const { asking, asked, booked, booking } = halves;
      for (const [reporter, row] of [asked, asking]) await opened.send(reporter, [row]);
      expect(await opened.settle(SECOND)).toBe(1);
      await opened.settle(3 * SECOND);
      expect(await opened.links()).toEqual(['airline → /bank: 1']);
      for (const [reporter, row] of [booked, booking]) await opened.send(reporter, [row], 4 * SECOND);
      await isOne(opened);
    });

    it('find the parent after a restart', async () => {
      await using opened = await openTemporary(open);
      const { halves } = estate();
      const { asking, asked, booked, booking } = halves;
      for (const [reporter, row] of [asked, asking]) await opened.send(reporter, [row]);
      await opened.reopen();
      for (const [reporter, row] of [booked, booking]) await opened.send(reporter, [row]);
      await isOne(opened);
    });
  });
}
