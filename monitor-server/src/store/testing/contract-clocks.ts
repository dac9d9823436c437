import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, MILLI, MINUTE, NOON, type Reporter, type RowGiven, SECOND } from './estate.ts';
import { foldFeed, type Opened, openTemporary } from './opened.ts';

const CONNECTION = { client: '10.0.0.1:5000', server: '10.0.0.2:4611' };

/** A shop whose clock is right, and a bank on another host whose clock is wrong. */
function estate() {
  const shop = createReporter({ name: 'shop', hostId: 'host-two', remoteAddress: '10.0.0.1' });
  const bank = createReporter({ name: 'bank', port: 4611, bound: '10.0.0.2', remoteAddress: '10.0.0.2' });
  return { shop, bank };
}

/** Sends what a reporter says whose clock shows `skew` more than ours. */
async function sendSkewed(
  opened: Opened,
  reporter: Reporter,
  rows: Parameters<Opened['send']>[1],
  skew: number,
  after: number,
) {
  await opened.store.append(reporter.report(rows, { sentAt: NOON + after + skew }), reporter.receipt(NOON + after));
}

/** One call: the way takes `way`, the service `service`, the way back `back`. */
async function exchange(
  opened: Opened,
  { shop, bank }: ReturnType<typeof estate>,
  { at, skew, way, service, back, ordinal, ...given }: Delays & Partial<RowGiven>,
) {
  const whole = way + service + back;
  const client = { start: NOON + at, replyFirst: whole, replyLast: whole + 10, end: whole + 20, ...given };
  const server = { start: NOON + at + way + skew, replyFirst: service, replyLast: service + 10, end: service + 20 };
  await sendSkewed(opened, shop, [shop.called({ ...client, connection: CONNECTION, ordinal })], 0, at + SECOND);
  await sendSkewed(opened, bank, [bank.served({ ...server, connection: CONNECTION, ordinal })], skew, at + SECOND);
}

interface Delays {
  readonly at: number;
  readonly skew: number;
  readonly way: number;
  readonly service: number;
  readonly back: number;
  readonly ordinal: number;
}

export function describeClocks(name: string, open: OpenStore): void {
  describe(`${name}: the clocks of two machines`, () => {
    for (const skew of [3 * MINUTE, -4 * MINUTE, 300 * MILLI]) {
      it(`places the messages of a server whose clock is ${skew / 1_000_000} s off, live as replayed`, async () => {
        await using opened = await openTemporary(open);
        const machines = estate();
        await exchange(opened, machines, { at: 0, skew, way: 400, service: 20 * MILLI, back: 600, ordinal: 0 });
        // This one is slow on its way there: only the offset that is known by now tells where the time went.
        const slow = { at: SECOND, skew, way: 30 * MILLI, service: 5 * MILLI, back: 500, ordinal: 1 };
        await exchange(opened, machines, slow);
        const [second, first] = await opened.exchanges();
        expect(first).toMatchObject({ halves: 'both', evidence: 'connection' });
        const detail = await opened.store.exchange(second?.id ?? '');
        expect(Math.abs((detail?.clock?.offsetMicros ?? 0) - skew)).toBeLessThanOrEqual(
          detail?.clock?.uncertaintyMicros ?? 0,
        );
        expect(detail?.clock?.uncertaintyMicros).toBeLessThan(1_000);
        const sent = NOON + SECOND;
        expect(Math.abs((second?.requestReceived ?? 0) - (sent + 30 * MILLI + 10))).toBeLessThan(1_000);
        expect(second?.replySent ?? 0).toBeGreaterThanOrEqual(second?.requestReceived ?? Number.POSITIVE_INFINITY);

        const window = { from: NOON - MINUTE, to: NOON + MINUTE };
        const replay = await opened.store.read({ window, cursor: null, limit: 100, sample: 1 });
        const times = (tuples: typeof replay.feed.exchanges) =>
          tuples.map(([id, , ...rest]) => [id, ...rest].join(' '));
        const live = foldFeed(opened.committed.map(({ feed }) => feed)).exchanges;
        expect(times(replay.feed.exchanges)).toEqual(times(live));
      });
    }

    it('knows the offset after a restart', async () => {
      await using opened = await openTemporary(open);
      const machines = estate();
      const skew = 3 * MINUTE;
      await exchange(opened, machines, { at: 0, skew, way: 400, service: 20 * MILLI, back: 600, ordinal: 0 });
      await opened.reopen();
      const slow = { at: SECOND, skew, way: 90 * MILLI, service: 5 * MILLI, back: 500, ordinal: 1 };
      await exchange(opened, machines, slow);
      const [second] = await opened.exchanges();
      expect((await opened.store.exchange(second?.id ?? ''))?.clock?.uncertaintyMicros).toBeLessThan(1_000);
    });

    it('tells no offset within one host, nor of a half alone', async () => {
      await using opened = await openTemporary(open);
      const shop = createReporter({ name: 'shop' });
      const bank = createReporter({ name: 'bank', port: 4611 });
      await opened.send(shop, [shop.called({ start: NOON, connection: CONNECTION, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection: CONNECTION, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 200 })]);
      await opened.settle(20 * SECOND);
      for (const { id } of await opened.exchanges()) expect((await opened.store.exchange(id))?.clock).toBe(null);
    });
  });
}
