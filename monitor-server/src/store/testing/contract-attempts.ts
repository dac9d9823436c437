import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, loopback, MINUTE, NOON, SECOND } from './estate.ts';
import { foldFeed, openTemporary } from './opened.ts';

/** A call that is refused with 401 and goes through when it is sent again, over one connection. */
function twoRounds() {
  const shop = createReporter({ name: 'shop' });
  const bank = createReporter({ name: 'bank', port: 4611 });
  const connection = loopback(5000, 4611);
  const refused = { status: 401, outcome: 'attempt', extras: { attemptOf: 1 } } as const;
  const rows = {
    attempt: () => shop.called({ start: NOON, connection, ordinal: 0, exchangeNo: 0, ...refused }),
    final: () => {
      const extras = { attempts: 2 };
      return shop.called({ start: NOON + 2_000, connection, ordinal: 1, exchangeNo: 1, extras });
    },
    servedFirst: () => bank.served({ start: NOON + 100, connection, ordinal: 0, status: 401, outcome: 'httpError' }),
    servedAgain: () => bank.served({ start: NOON + 2_100, connection, ordinal: 1 }),
  };
  return { shop, bank, rows };
}

type Step = 'attempt' | 'final' | 'servedFirst' | 'servedAgain' | 'settle' | 'reopen';
const ORDERS: readonly (readonly Step[])[] = [
  ['attempt', 'servedFirst', 'final', 'servedAgain'],
  ['final', 'servedAgain', 'attempt', 'servedFirst'],
  ['servedFirst', 'servedAgain', 'settle', 'final', 'attempt'],
  ['servedFirst', 'settle', 'reopen', 'attempt', 'servedAgain', 'final'],
  ['final', 'servedAgain', 'settle', 'servedFirst', 'settle', 'reopen', 'attempt'],
];

export function describeAttempts(name: string, open: OpenStore): void {
  describe(`${name}: several HTTP rounds for one message`, () => {
    for (const order of ORDERS) {
      it(`count once, and are told with the last: ${order.join(', ')}`, async () => {
        await using opened = await openTemporary(open);
        const { shop, bank, rows } = twoRounds();
        let after = 0;
        for (const step of order) {
          after += SECOND;
          if (step === 'settle') await opened.settle(after);
          else if (step === 'reopen') await opened.reopen();
          else await opened.send(step === 'attempt' || step === 'final' ? shop : bank, [rows[step]()], after);
        }
        await opened.settle(after + 20 * SECOND);

        expect(await opened.links()).toEqual(['shop → /bank: 1']);
        const exchanges = await opened.exchanges();
        expect(exchanges).toMatchObject([{ outcome: 'ok', halves: 'both' }]);
        const detail = await opened.store.exchange(exchanges[0]?.id ?? '');
        expect(detail?.attempts).toMatchObject([
          { start: NOON, status: 401, outcome: 'attempt', durationMicros: 1_000 },
        ]);
        const attempt = await opened.store.exchange(detail?.attempts[0]?.id ?? '');
        expect(attempt).toMatchObject({ exchange: { outcome: 'attempt', halves: 'both' }, server: { status: 401 } });

        const window = { from: NOON - MINUTE, to: NOON + MINUTE };
        const replay = await opened.store.read({ window, cursor: null, limit: 100, sample: 1 });
        expect(replay.feed.exchanges.map(([id]) => id)).toEqual([exchanges[0]?.id]);
        const live = foldFeed(opened.committed.map(({ feed }) => feed));
        expect(live.exchanges.map(([id]) => id)).toEqual([exchanges[0]?.id]);
        const counts = (cells: typeof live.cells) => cells.reduce((sum, [, , , count]) => sum + count, 0);
        expect([counts(live.cells), counts(replay.feed.cells)]).toEqual([1, 1]);
        expect((await opened.store.transaction(attempt?.exchange.id ?? ''))?.exchanges).toEqual([]);
        expect(await opened.store.check()).toEqual([]);
      });
    }

    it('takes a round that was shown in flight out of the picture when it ends as one', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank } = twoRounds();
      await opened.send(bank, []);
      const given = { start: NOON, exchangeNo: 0, call: { path: '/bank', operation: null, address: '127.0.0.1:4611' } };
      await opened.send(shop, [shop.called({ ...given, part: 'open' })]);
      await opened.settle(5 * SECOND);
      expect(foldFeed(opened.committed.map(({ feed }) => feed)).exchanges).toHaveLength(1);
      const ended = { status: 503, outcome: 'attempt', extras: { attemptOf: 1 } } as const;
      await opened.send(shop, [shop.called({ ...given, part: 'close', ...ended })], 6 * SECOND);
      expect(foldFeed(opened.committed.map(({ feed }) => feed)).exchanges).toEqual([]);
      expect((await opened.store.current(NOON + 6 * SECOND)).feed.exchanges).toEqual([]);
    });
  });
}
