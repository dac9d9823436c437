import {
  countExchange,
  type Exchange,
  histogramToPairs,
  noFigures,
  type Outcome,
  shownFigures,
} from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { ExchangesQuery } from '../store.ts';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, MILLI, MINUTE, NOON, SECOND } from './estate.ts';
import { AROUND, type Opened, openTemporary } from './opened.ts';

const HOUR = 60 * MINUTE;

const EVERYTHING: ExchangesQuery = {
  ...{ window: AROUND, node: null, link: null, operation: null, outcome: null, minDurationMicros: null },
  ...{ fault: null, text: null, cursor: null, limit: 100 },
};

/** Calls of a shop to the bank, one a second and a half, ended in several ways; some are seen from one side only. */
const CALLS = Array.from({ length: 60 }, (_, index) => ({
  start: NOON + index * 1_500 * MILLI,
  end: 1_000 * (index + 1),
  outcome: (['ok', 'fault', 'timeout'] as const)[index % 3] ?? 'ok',
  seen: (['both', 'client', 'server'] as const)[Math.floor(index / 20)] ?? 'both',
}));

export function describeAnswers(name: string, open: OpenStore): void {
  const filled = async (): Promise<Opened> => {
    const opened = await openTemporary(open);
    const bank = createReporter({ name: 'bank', port: 4611 });
    const shop = createReporter({ name: 'shop' });
    for (const [index, { start, end, outcome, seen }] of CALLS.entries()) {
      const fault = outcome === 'fault' ? { code: 'soap:Server', reason: `number ${index}.` } : null;
      const call = { ...CALL, address: '127.0.0.1:4611' };
      const given = { call, outcome, fault, connection: loopback(5_000, 4611), ordinal: index };
      if (seen !== 'server') await opened.send(shop, [shop.called({ start, end, ...given })]);
      if (seen !== 'client') await opened.send(bank, [bank.served({ start: start + 10, end: end - 20, ...given })]);
    }
    await opened.settle(10 * MINUTE);
    return opened;
  };
  const indexes = (exchanges: readonly Exchange[]): readonly number[] =>
    exchanges.map(({ start }) => Math.floor((start - NOON) / (1_500 * MILLI)));
  const where = (wanted: (call: (typeof CALLS)[number]) => boolean): readonly number[] =>
    CALLS.flatMap((call, index) => (wanted(call) ? [index] : []));

  describe(`${name}: answers`, () => {
    it('find exchanges by how they ended, how long they took, from which side they were seen and what joined them', async () => {
      await using opened = await filled();
      const ask = async (query: Partial<ExchangesQuery>) =>
        indexes((await opened.store.exchanges({ ...EVERYTHING, order: 'oldest', ...query })).exchanges);
      expect(await ask({})).toEqual(where(() => true));
      const outcomes: readonly Outcome[] = ['fault', 'timeout'];
      expect(await ask({ outcome: outcomes })).toEqual(where(({ outcome }) => outcome !== 'ok'));
      expect(await ask({ minDurationMicros: 5_000, maxDurationMicros: 8_000 })).toEqual([4, 5, 6, 7]);
      expect(await ask({ halves: 'client' })).toEqual(where(({ seen }) => seen === 'client'));
      expect(await ask({ halves: 'server' })).toEqual(where(({ seen }) => seen === 'server'));
      expect(await ask({ evidence: 'connection' })).toEqual(where(({ seen }) => seen === 'both'));
      expect(await ask({ evidence: 'traceparent' })).toEqual([]);
      expect(await ask({ text: 'NUMBER 6.' })).toEqual([]);
      expect(await ask({ text: 'NUMBER 4.' })).toEqual([4]);
    });

    it('find an exchange by its id as text', async () => {
      await using opened = await filled();
      const [first] = (await opened.store.exchanges({ ...EVERYTHING, limit: 1 })).exchanges;
      const found = await opened.store.exchanges({ ...EVERYTHING, text: first?.id ?? '' });
      expect(found.exchanges.map(({ id }) => id)).toContain(first?.id);
    });

    for (const order of ['newest', 'oldest'] as const) {
      it(`page through exchanges, ${order} first, each once while others arrive, and say how far they came`, async () => {
        await using opened = await filled();
        const late = createReporter({ name: 'late', port: 4700 });
        const found: Exchange[] = [];
        let cursor: string | null = null;
        let isFirst = true;
        for (;;) {
          const page = await opened.store.exchanges({ ...EVERYTHING, order, cursor, limit: 7 });
          found.push(...page.exchanges);
          cursor = page.cursor;
          if (cursor === null) {
            expect(page.scannedTo).toBe(order === 'newest' ? AROUND.from : AROUND.to);
            break;
          }
          expect(page.scannedTo).toBe(page.exchanges[page.exchanges.length - 1]?.start);
          // It stands before what was shown: it belongs to no later page.
          const start = order === 'newest' ? NOON + 5 * MINUTE : NOON - MINUTE;
          if (isFirst) await opened.send(late, [late.served({ start })]);
          await opened.settle(20 * MINUTE);
          isFirst = false;
        }
        const all = CALLS.map((_, index) => index);
        expect(indexes(found)).toEqual(order === 'newest' ? [...all].reverse() : all);
      });
    }

    it('fold any window exactly, wherever its edges lie', async () => {
      await using opened = await filled();
      for (const [from, to] of [
        [0, 90_000],
        [1, 59_999],
        [29_999, 30_001],
        [750, 31_000],
        [44_000, 61_000],
        [59_000, 89_000],
      ] as const) {
        const window = { from: NOON + from * MILLI, to: NOON + to * MILLI };
        const expected = noFigures();
        for (const { start, end, outcome, seen } of CALLS) {
          const [began, took] = seen === 'server' ? [start + 10, end - 20] : [start, end];
          if (began < window.from || began >= window.to) continue;
          const counted = { outcome, durationMicros: took, requestBytes: 100, replyBytes: 200 };
          countExchange(expected, counted, 1);
        }
        const query = { window, node: null, link: null, operation: null, stepMicros: 60 * MINUTE };
        const { buckets, explain } = await opened.store.traffic(query);
        const { count } = expected;
        expect(buckets).toEqual(count === 0 ? [] : [{ from: NOON, ...shownFigures(expected) }]);
        expect(explain?.partial).toEqual([]);
        const sketched = await opened.store.traffic({ ...query, latency: true });
        expect(sketched.buckets.map(({ latency }) => latency)).toEqual(
          count === 0 ? [] : [histogramToPairs(expected.histogram)],
        );
        const { links } = await opened.store.topology(window, 'endpoint');
        expect(links.reduce((sum, link) => sum + link.count, 0)).toBe(count);
        const narrow = await opened.store.traffic({ ...query, operation: 'balance', stepMicros: SECOND });
        expect(narrow.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
      }
    });

    it('say when a link was seen, in pages', async () => {
      await using opened = await filled();
      const first = await opened.store.links(null, 1);
      const second = await opened.store.links(first.cursor, 10);
      const links = [...first.links, ...second.links];
      expect(second.cursor).toBeNull();
      const start = (index: number) => CALLS[index]?.start ?? 0;
      expect(links.map(({ firstSeen, lastSeen }) => [firstSeen, lastSeen])).toEqual([
        [start(0), start(39)],
        [start(40) + 10, start(59) + 10],
      ]);
      await opened.reopen();
      expect((await opened.store.links(null, 10)).links).toEqual(links);
    });

    it('say where the time of a transaction went, and which half never came', async () => {
      await using opened = await openTemporary(open);
      const airline = createReporter({ name: 'airline', port: 4612 });
      const customer = createReporter({ name: 'customer' });
      const outer = { connection: loopback(5_000, 4612), ordinal: 0, call: { ...CALL, path: '/airline' } };
      const times = { requestLast: 100, replyFirst: 9_000, replyLast: 9_100, end: 9_100 };
      const booking = customer.called({
        start: NOON,
        ...outer,
        requestLast: 50,
        replyFirst: 9_900,
        replyLast: 10_000,
        end: 10_000,
      });
      const booked = airline.served({ start: NOON + 200, ...outer, ...times });
      const far = { ...CALL, path: '/far', address: 'far.example:80' };
      const asking = {
        parentNo: booked.exchangeNo,
        requestLast: 10,
        replyFirst: 990,
        replyLast: 1_000,
        end: 1_000,
        call: far,
      };
      await opened.send(customer, [booking]);
      await opened.send(airline, [
        booked,
        airline.called({ ...asking, start: NOON + 1_000 }),
        airline.called({ ...asking, start: NOON + 1_500 }),
      ]);
      await opened.settle(MINUTE);
      const [some] = await opened.exchanges();
      const { totalMicros, parts, missing, exchanges } = (await opened.store.transaction(some?.id ?? '')) ?? {};
      expect(totalMicros).toBe(10_000);
      expect(parts?.map(({ exchange }) => exchange)).toEqual(exchanges?.map(({ id }) => id));
      expect(parts).toMatchObject([
        {
          serviceMicros: 8_900,
          ownMicros: 7_400,
          waitingMicros: 1_500,
          networkOutMicros: 300,
          networkBackMicros: 800,
          isCritical: true,
        },
        { serviceMicros: null, ownMicros: null, networkOutMicros: null, isCritical: false },
        { serviceMicros: null, ownMicros: null, networkBackMicros: null, isCritical: true },
      ]);
      expect(missing?.map(({ part, why }) => [part, why])).toEqual([
        ['server', 'notMonitored'],
        ['server', 'notMonitored'],
      ]);
    });

    it('say what a window no longer has', async () => {
      await using opened = await filled();
      // By whole hours.
      await opened.store.forget(NOON + HOUR);
      const { explain } = await opened.store.topology(AROUND, 'endpoint');
      expect(explain?.partial).toMatchObject([{ reason: 'expired', before: NOON + HOUR }]);
      const page = await opened.store.exchanges(EVERYTHING);
      expect(page.explain?.partial).toMatchObject([{ reason: 'expired' }]);
      const later = { from: NOON + HOUR, to: NOON + HOUR + MINUTE };
      expect((await opened.store.topology(later, 'endpoint')).explain?.partial).toEqual([]);
      expect(await opened.store.check()).toEqual([]);
    });
  });
}
