import type { Call } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, MILLI, MINUTE, NOON, type Reporter, type RowGiven, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

const ESB: Call = { ...CALL, address: 'esb.example:80', path: '/esb/bank' };

/** A shop that calls through a proxy, and the bank behind it: each sees a connection of its own. */
function throughProxy() {
  const shop = createReporter({ name: 'shop', hostId: 'host-two', remoteAddress: '10.0.0.1' });
  const bank = createReporter({ name: 'bank', port: 4611, bound: '10.0.0.2', remoteAddress: '10.0.0.2' });
  let port = 5_000;
  const called = (given: RowGiven) => {
    const connection = { client: `10.0.0.1:${port++}`, server: '10.0.0.9:80' };
    return shop.called({ call: ESB, connection, ordinal: 0, end: 5 * MILLI, replyLast: 5 * MILLI, ...given });
  };
  const served = (given: RowGiven) => {
    const connection = { client: `10.0.0.9:${port++}`, server: '10.0.0.2:4611' };
    return bank.served({ connection, ordinal: 0, ...given });
  };
  return { shop, bank, called, served };
}

export function describeHashJoining(name: string, open: OpenStore): void {
  describe(`${name}: joining by the body's hash`, () => {
    for (const first of ['client', 'server'] as const) {
      it(`joins through a proxy when both have waited, and draws the call to the real service; the ${first}'s first`, async () => {
        await using opened = await openTemporary(open);
        const { shop, bank, called, served } = throughProxy();
        const extras = { bodyHash: 'abc' };
        const sends = [
          () => opened.send(shop, [called({ start: NOON, extras })]),
          () => opened.send(bank, [served({ start: NOON + MILLI, extras })], 50 * MILLI),
        ];
        for (const send of first === 'client' ? sends : sends.reverse()) await send();
        expect(await opened.settle(210 * MILLI)).toBe(2);
        expect(await opened.exchanges()).toEqual([]);
        await opened.settle(300 * MILLI);
        expect(await opened.exchanges()).toMatchObject([
          { halves: 'both', evidence: 'bodyHash', confidence: 'probable', ambiguous: false },
        ]);
        expect(await opened.links()).toEqual(['shop → /bank: 1']);
        expect((await opened.store.nodes(null, 100)).nodes.some(({ kind }) => kind === 'outside')).toBe(false);
        expect(await opened.store.check()).toEqual([]);
      });
    }

    it('leaves equal bodies unjoined, and says so of all of them', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const extras = { bodyHash: 'same' };
      await opened.send(shop, [called({ start: NOON, extras }), called({ start: NOON + MILLI, extras })]);
      await opened.send(bank, [served({ start: NOON + MILLI, extras })]);
      await opened.settle(SECOND);
      const unjoined = { evidence: null, ambiguous: true };
      expect(await opened.exchanges()).toMatchObject([unjoined, unjoined, unjoined]);
    });

    it('takes a body that comes again within a minute for no evidence, also when its first call is long joined', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const extras = { bodyHash: 'again' };
      await opened.send(shop, [called({ start: NOON, extras })]);
      await opened.send(bank, [served({ start: NOON + MILLI, extras })]);
      await opened.settle(SECOND);
      const later = NOON + 20 * SECOND;
      await opened.send(shop, [called({ start: later, extras })], 20 * SECOND);
      await opened.send(bank, [served({ start: later + MILLI, extras })], 20 * SECOND);
      await opened.settle(21 * SECOND);
      expect((await opened.exchanges()).map(({ halves }) => halves).sort()).toEqual(['both', 'client', 'server']);
    });

    it('joins neither what differs in size, status or operation, nor times that cannot be', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const operation = { namespace: 'urn:bank', name: 'withdraw' };
      const differing: readonly (readonly [string, Partial<RowGiven>])[] = [
        ['bytes', { requestBytes: 101 }],
        ['status', { status: 500, outcome: 'fault' }],
        ['operation', { call: { ...CALL, operation } }],
        ['late', { start: NOON + 5 * SECOND }],
        ['slow', { replyFirst: 30 * MILLI, replyLast: 31 * MILLI, end: 32 * MILLI }],
      ];
      for (const [bodyHash, given] of differing) {
        await opened.send(shop, [called({ start: NOON, extras: { bodyHash } })]);
        await opened.send(bank, [served({ start: NOON + MILLI, extras: { bodyHash }, ...given })]);
      }
      await opened.settle(SECOND);
      const exchanges = await opened.exchanges();
      expect(exchanges).toHaveLength(10);
      expect(exchanges.every(({ halves }) => halves !== 'both')).toBe(true);
    });

    it('does not join a call to an address at which another process reports', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const esb = createReporter({ name: 'esb', hostId: 'host-three', port: 80, advertised: 'esb.example:80' });
      await opened.send(esb, []);
      const extras = { bodyHash: 'abc' };
      await opened.send(shop, [called({ start: NOON, extras })]);
      await opened.send(bank, [served({ start: NOON + MILLI, extras })]);
      await opened.settle(10 * SECOND);
      expect((await opened.exchanges()).map(({ halves }) => halves).sort()).toEqual(['client', 'server']);
    });

    it('does not trust a hash where bodies repeat and both ends have halves left over', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const kiosk = createReporter({ name: 'kiosk', hostId: 'host-three', remoteAddress: '10.0.0.3' });
      const poll = (bodyHash: string) => ({ start: NOON, extras: { bodyHash } });
      // The kiosk and the shop send the same body; each end has a call whose other end nobody reported.
      await opened.send(shop, [called(poll('poll')), called(poll('lost by the bank'))]);
      await opened.send(kiosk, [kiosk.called({ ...poll('poll'), call: ESB })]);
      await opened.send(bank, [served(poll('lost by the shop'))]);
      await opened.settle(SECOND);
      const later = { start: NOON + 2 * SECOND, extras: { bodyHash: 'looks like one call' } };
      await opened.send(shop, [called(later)], 2 * SECOND);
      await opened.send(bank, [served({ ...later, start: later.start + MILLI })], 2 * SECOND);
      await opened.settle(4 * SECOND);
      const found = (await opened.exchanges()).filter(({ start }) => start >= later.start);
      expect(found).toMatchObject([{ ambiguous: true }, { ambiguous: true }]);
    });

    it('trusts the hash of an operation that several processes repeat only at an end watched for a minute', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const kiosk = createReporter({ name: 'kiosk', hostId: 'host-three', remoteAddress: '10.0.0.3' });
      const poll = (start: number, bodyHash: string) => ({ start, extras: { bodyHash } });
      await opened.send(shop, [called(poll(NOON, 'poll'))]);
      await opened.send(kiosk, [kiosk.called({ ...poll(NOON, 'poll'), call: ESB })]);
      const callAt = async (after: number): Promise<void> => {
        await opened.send(shop, [called(poll(NOON + after, `body ${after}`))], after);
        await opened.send(bank, [served(poll(NOON + after + MILLI, `body ${after}`))], after);
        await opened.settle(after + SECOND);
      };
      await callAt(SECOND);
      await callAt(70 * SECOND);
      await opened.settle(90 * SECOND);
      const found = (await opened.exchanges()).filter(({ start }) => start > NOON);
      expect(found.map(({ start, halves }) => [start - NOON, halves]).sort()).toEqual([
        [SECOND, 'client'],
        [SECOND + MILLI, 'server'],
        [70 * SECOND, 'both'],
      ]);
    });
  });

  describe(`${name}: wishing for the body's hash`, () => {
    const wishesOf = async (opened: Awaited<ReturnType<typeof openTemporary>>, reporter: Reporter, after: number) =>
      (await opened.store.append(reporter.report([], { sentAt: NOON + after }), reporter.receipt(NOON + after))).wishes;
    const WANTED = { bodyHash: ['esb.example:80'], servedHash: false };
    const SERVED = { bodyHash: [], servedHash: true };
    const NONE = { bodyHash: [], servedHash: false };

    it('asks callers and callees between whom a proxy may stand, keeps asking while it joins, and stops in vain', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      await opened.send(shop, [called({ start: NOON })]);
      await opened.send(bank, [served({ start: NOON + MILLI })]);
      expect(await wishesOf(opened, shop, 100 * MILLI)).toEqual(NONE);
      await opened.settle(SECOND);
      expect(await wishesOf(opened, shop, 2 * SECOND)).toEqual(WANTED);
      expect(await wishesOf(opened, bank, 2 * SECOND)).toEqual(SERVED);

      let after = 0;
      const exchange = async (at: number, hashes: readonly [string, string]) => {
        after = at;
        const [client, server] = hashes;
        await opened.send(shop, [called({ start: NOON + at, extras: { bodyHash: client } })], at);
        await opened.send(bank, [served({ start: NOON + at + MILLI, extras: { bodyHash: server } })], at);
        await opened.settle(at + SECOND);
      };
      for (let minute = 1; minute <= 5; minute++) await exchange(minute * MINUTE, [`${minute}`, `${minute}`]);
      expect(await wishesOf(opened, shop, after + 90 * SECOND)).toEqual(WANTED);
      for (let minute = 6; minute <= 8; minute++) await exchange(minute * MINUTE, [`${minute}`, 'another']);
      expect(await wishesOf(opened, shop, after + 2 * SECOND)).toEqual(NONE);
      expect(await wishesOf(opened, bank, after + 3 * SECOND)).toEqual(NONE);
      // An hour later it is tried again.
      await exchange(75 * MINUTE, ['x', 'y']);
      expect(await wishesOf(opened, shop, after + 2 * SECOND)).toEqual(WANTED);
    });

    it('asks nothing where connections join, nor where only one side is left over, nor for other operations', async () => {
      await using opened = await openTemporary(open);
      const { shop, bank, called, served } = throughProxy();
      const connection = { client: '10.0.0.1:7000', server: '10.0.0.2:4611' };
      const direct = { ...CALL, address: '10.0.0.2:4611' };
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0, call: direct })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.settle(SECOND);
      expect(await wishesOf(opened, shop, 2 * SECOND)).toEqual(NONE);
      await opened.send(shop, [called({ start: NOON + 2 * SECOND })], 2 * SECOND);
      await opened.settle(4 * SECOND);
      expect(await wishesOf(opened, shop, 5 * SECOND)).toEqual(NONE);
      const operation = { namespace: 'urn:bank', name: 'withdraw' };
      await opened.send(bank, [served({ start: NOON + 5 * SECOND, call: { ...CALL, operation } })], 5 * SECOND);
      await opened.settle(7 * SECOND);
      expect(await wishesOf(opened, bank, 8 * SECOND)).toEqual(NONE);
    });
  });
}
