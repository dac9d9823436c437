import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, loopback, MILLI, NOON, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

export function describeJoining(name: string, open: OpenStore): void {
  const estate = () => ({
    bank: createReporter({ name: 'bank', port: 4611 }),
    shop: createReporter({ name: 'shop' }),
    connection: loopback(5000, 4611),
  });

  describe(`${name}: joining`, () => {
    for (const first of ['client', 'server'] as const) {
      it(`joins two halves by connection and ordinal, the ${first}'s first`, async () => {
        await using opened = await openTemporary(open);
        const { bank, shop, connection } = estate();
        const sends = [
          () => opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 3, end: 5_000 })]),
          () => opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 3 })], 50 * MILLI),
        ];
        for (const send of first === 'client' ? sends : sends.reverse()) await send();
        expect(await opened.exchanges()).toMatchObject([
          {
            ...{ halves: 'both', evidence: 'connection', confidence: 'certain', ambiguous: false },
            ...{ start: NOON, durationMicros: 5_000, sourceName: 'shop' },
          },
        ]);
        expect(await opened.links()).toEqual(['shop → /bank: 1']);
      });
    }

    it('joins halves on either side of a restart', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.reopen();
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      expect(await opened.exchanges()).toMatchObject([{ halves: 'both' }]);
      expect(await opened.store.check()).toEqual([]);
    });

    it('does not join the same loopback ends on two hosts', async () => {
      await using opened = await openTemporary(open);
      const { bank, connection } = estate();
      const shop = createReporter({ name: 'shop', hostId: 'host-two' });
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.settle(SECOND);
      expect((await opened.exchanges()).map(({ halves }) => halves).sort()).toEqual(['client', 'server']);
    });

    it('does not join halves whose times do not agree: the port was used again', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 20 * MILLI, connection, ordinal: 0 })]);
      expect(await opened.exchanges()).toEqual([]);
    });

    it('does not join a call that seems in flight with a later one on its port: its end is still on the way', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      const served = (start: number) => bank.served({ start, connection, ordinal: 1 });
      const open_ = shop.called({ start: NOON, part: 'open', connection, ordinal: 1 });
      const { exchangeNo } = open_;
      const ended = { replyFirst: 1_490 * MILLI, replyLast: 1_500 * MILLI, end: 1_500 * MILLI };
      await opened.send(shop, [open_], SECOND);
      // Ended at 1.5 s; of the call after it only the server's half has come.
      await opened.send(bank, [served(NOON + 3 * SECOND)], 3 * SECOND);
      await opened.settle(4 * SECOND);
      expect((await opened.exchanges()).map(({ halves }) => halves)).not.toContain('both');
      await opened.send(
        shop,
        [shop.called({ start: NOON, part: 'close', exchangeNo, connection, ordinal: 1, ...ended })],
        4 * SECOND,
      );
      await opened.send(bank, [served(NOON + 100)], 5 * SECOND);
      await opened.settle(20 * SECOND);
      expect((await opened.exchanges()).map(({ start, halves }) => [start - NOON, halves]).sort()).toEqual([
        [0, 'both'],
        [3 * SECOND, 'server'],
      ]);
      expect(await opened.store.check()).toEqual([]);
    });

    it('joins a call that its server began late when the client has told its end', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      const open_ = shop.called({ start: NOON, part: 'open', connection, ordinal: 1 });
      const { exchangeNo } = open_;
      await opened.send(shop, [open_], SECOND);
      await opened.send(bank, [bank.served({ start: NOON + 3 * SECOND, connection, ordinal: 1 })], 3 * SECOND);
      await opened.settle(4 * SECOND);
      const ended = { replyFirst: 4 * SECOND, replyLast: 4 * SECOND, end: 4 * SECOND };
      await opened.send(
        shop,
        [shop.called({ start: NOON, part: 'close', exchangeNo, connection, ordinal: 1, ...ended })],
        5 * SECOND,
      );
      await opened.settle(6 * SECOND);
      expect(await opened.exchanges()).toMatchObject([{ halves: 'both', evidence: 'connection' }]);
      expect(await opened.store.check()).toEqual([]);
    });

    it('leaves halves unjoined when more than one would fit', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      const twin = createReporter({ name: 'twin' });
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.send(twin, [twin.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.settle(10 * SECOND);
      const unjoined = { evidence: null, confidence: null, ambiguous: true };
      expect(await opened.exchanges()).toMatchObject([unjoined, unjoined, unjoined]);
    });

    it('moves what was counted when a half comes late, and keeps the id', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.settle(SECOND);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 1']);
      const [before] = await opened.exchanges();
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })], 5 * SECOND);
      expect(await opened.links()).toEqual(['shop → /bank: 1']);
      expect(await opened.exchanges()).toMatchObject([{ id: before?.id, halves: 'both' }]);
      const counts = opened.feed().cells.map(([, , , count]) => count);
      expect(counts.sort()).toEqual([0, 1]);
      expect(await opened.store.check()).toEqual([]);
    });

    it('tells which exchange is gone when two turn out to be one, and the old id leads to the survivor', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop, connection } = estate();
      const open_ = shop.called({ start: NOON, part: 'open' });
      await opened.send(shop, [open_]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.settle(20 * SECOND);
      const [old = '', survivor = ''] = (await opened.exchanges()).map(({ id }) => id);
      // The connection is known only when the call ends.
      const { exchangeNo } = open_;
      await opened.send(
        shop,
        [shop.called({ start: NOON, part: 'close', exchangeNo, connection, ordinal: 0 })],
        SECOND,
      );
      expect(await opened.exchanges()).toMatchObject([{ id: survivor, halves: 'both' }]);
      expect(opened.committed.flatMap(({ feed }) => feed.gone)).toMatchObject([{ id: old }]);
      expect(await opened.store.exchange(old)).toMatchObject({ exchange: { id: survivor } });
      expect((await opened.store.transaction(old))?.id).toBe(survivor);
      expect(await opened.store.check()).toEqual([]);
    });

    it('joins by message id where no connection tells', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop } = estate();
      const ids = { messageId: 'urn:uuid:1' };
      await opened.send(shop, [shop.called({ start: NOON, ids, end: 50 * MILLI })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, ids, connection: loopback(1, 4611), ordinal: 0 })]);
      expect(await opened.exchanges()).toMatchObject([{ halves: 'both', evidence: 'messageId' }]);
    });

    it('joins by message id through a balancer, once the connections have found nothing', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop } = estate();
      const ids = { messageId: 'urn:uuid:1' };
      const outer = { client: '10.0.0.1:5000', server: '10.0.0.9:80' };
      const inner = { client: '10.0.0.9:6000', server: '10.0.0.2:4611' };
      await opened.send(shop, [shop.called({ start: NOON, ids, connection: outer, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, ids, connection: inner, ordinal: 0 })]);
      expect(await opened.exchanges()).toEqual([]);
      await opened.settle(SECOND);
      expect(await opened.exchanges()).toMatchObject([{ halves: 'both', evidence: 'messageId' }]);
    });

    it('does not take one round of a call for another: that of the service may be the one that the client lost', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop', hostId: 'host-two' });
      const ids = { messageId: 'urn:uuid:1' };
      const outer = { client: '10.0.0.1:5000', server: '10.0.0.9:80' };
      const inner = { client: '10.0.0.9:6000', server: '10.0.0.2:4611' };
      const refused = { ids, ordinal: 0, status: 401 } as const;
      const round = { ...refused, connection: outer, outcome: 'attempt', extras: { attemptOf: 9 } } as const;
      // The round before was served; this one the proxy answered itself, and the two clocks are not known so well.
      await opened.send(shop, [shop.called({ start: NOON + 150 * MILLI, ...round })], SECOND);
      await opened.send(
        bank,
        [bank.served({ start: NOON, ...refused, connection: inner, outcome: 'httpError' })],
        SECOND,
      );
      await opened.settle(20 * SECOND);
      // Lists leave rounds out: what was served was not taken for one.
      expect(await opened.exchanges()).toMatchObject([{ start: NOON, halves: 'server' }]);
    });

    it('does not join two calls that share a message id', async () => {
      await using opened = await openTemporary(open);
      const { bank, shop } = estate();
      const ids = { messageId: 'urn:uuid:1' };
      await opened.send(shop, [shop.called({ start: NOON, ids }), shop.called({ start: NOON, ids })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, ids })]);
      await opened.settle(20 * SECOND);
      expect((await opened.exchanges()).every(({ halves }) => halves !== 'both')).toBe(true);
    });
  });
}
