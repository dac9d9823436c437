import type { CellTuple, ExchangeTuple, FeedItems } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, MILLI, MINUTE, NOON, SECOND } from './estate.ts';
import { foldFeed, type Opened, openTemporary } from './opened.ts';

export function describeReplay(name: string, open: OpenStore): void {
  /** Forty calls over ten seconds, some of them seen from one side only, some of them late. */
  const filled = async (): Promise<Opened> => {
    const opened = await openTemporary(open);
    const bank = createReporter({ name: 'bank', port: 4611 });
    const shop = createReporter({ name: 'shop' });
    const call = { ...CALL, address: 'localhost:4611' };
    for (let index = 0; index < 40; index++) {
      const start = NOON + index * 250 * MILLI;
      const connection = loopback(5000 + index, 4611);
      const server = bank.served({ start: start + 100, connection, ordinal: 0 });
      const client = shop.called({ start, call, connection, ordinal: 0, end: 2_000 + index });
      if (index % 7 !== 0) await opened.send(bank, [server], index * 250 * MILLI);
      if (index % 5 === 0) await opened.settle((index + 3) * 250 * MILLI);
      if (index % 3 !== 0) await opened.send(shop, [client], (index + 4) * 250 * MILLI);
    }
    const open_ = shop.called({ start: NOON + 9 * SECOND, call, part: 'open' });
    await opened.send(shop, [open_], 15 * SECOND);
    await opened.settle(20 * SECOND);
    return opened;
  };
  const window = { from: NOON, to: NOON + 12 * SECOND };

  describe(`${name}: replay`, () => {
    it('tells of a window what was told live', async () => {
      await using opened = await filled();
      const live = comparable(opened.feed());
      const { feed } = await opened.store.read({ window, cursor: null, limit: 10_000, sample: 1 });
      expect(comparable(feed)).toEqual(live);
      expect(feed.exchanges.map(startOf)).toEqual(feed.exchanges.map(startOf).sort((a, b) => a - b));
      const { feed: current } = await opened.store.current(NOON + 12 * SECOND);
      expect(current.cells.length).toBeGreaterThan(0);
      expect(comparable({ ...current, exchanges: [] })).toEqual({ ...live, exchanges: [] });
    });

    it('tells the same in pages of any size', async () => {
      await using opened = await filled();
      const whole = await opened.store.read({ window, cursor: null, limit: 10_000, sample: 1 });
      for (const limit of [1, 7]) {
        const feeds: FeedItems[] = [];
        let cursor: string | null = null;
        do {
          const page = await opened.store.read({ window, cursor, limit, sample: 1 });
          feeds.push(page.feed);
          cursor = page.cursor;
        } while (cursor !== null && feeds.length < 100);
        expect(feeds.flatMap((feed) => feed.exchanges)).toEqual(whole.feed.exchanges);
        expect(comparable(foldFeed(feeds))).toEqual(comparable(whole.feed));
        expect(feeds.slice(1).every((feed) => feed.nodes.length === 0)).toBe(true);
      }
    });

    it('samples exchanges, never cells', async () => {
      await using opened = await filled();
      const read = (sample: number) => opened.store.read({ window, cursor: null, limit: 10_000, sample });
      const [all, some] = [await read(1), await read(4)];
      expect(some.feed.exchanges.length).toBeLessThan(all.feed.exchanges.length / 2);
      expect(some.feed.cells).toEqual(all.feed.cells);
      const cells = all.feed.cells.reduce((sum, cell) => sum + cell[3], 0);
      const { links } = await opened.store.topology({ from: NOON, to: NOON + MINUTE }, 'endpoint');
      expect(links.reduce((sum, link) => sum + link.count, 0)).toBe(cells);
    });

    it('tells each of very many states once, and no exchange or cell otherwise than without them', async () => {
      await using opened = await filled();
      const calm = await opened.store.read({ window, cursor: null, limit: 10_000, sample: 1 });
      const changes = Array.from({ length: 45_000 }, (_, index) => ({
        node: `flapping ${index % 3}`,
        // Some thousands in one microsecond, which no page may part.
        at: index < 30_000 ? NOON + index * 300 : NOON + 30_000 * 300,
        state: index % 2 === 0 ? 'down' : 'up',
        reason: String(index),
      }));
      await opened.store.recordStates(changes);
      for (const limit of [7, 10_000]) {
        const feeds: FeedItems[] = [];
        let cursor: string | null = null;
        do {
          const page = await opened.store.read({ window, cursor, limit, sample: 1 });
          expect(page.feed.states.length).toBeLessThanOrEqual(20_000);
          feeds.push(page.feed);
          cursor = page.cursor;
        } while (cursor !== null && feeds.length < 100);
        expect(feeds.length).toBeGreaterThan(2);
        const states = feeds.flatMap((feed) => feed.states.map(({ reason }) => Number(reason)));
        expect(states.findIndex((reason, index) => reason !== index)).toBe(-1);
        expect(states).toHaveLength(changes.length);
        expect(feeds.flatMap((feed) => feed.exchanges)).toEqual(
          calm.feed.exchanges.map((tuple) => expect.arrayContaining([tuple[0]])),
        );
        const cellsOf = (all: readonly FeedItems[]) =>
          comparable(foldFeed(all.map((feed) => ({ ...feed, states: [] }))));
        expect(cellsOf(feeds)).toEqual(cellsOf([calm.feed]));
      }
      const { feed } = await opened.store.picture(NOON + 11 * SECOND);
      expect(feed.states.map(({ reason }) => reason)).toEqual(['44997', '44998', '44999']);
    });

    it('begins with the states of that moment', async () => {
      await using opened = await filled();
      const server = (await opened.store.processes())[0]?.server ?? '';
      const change = (state: string, at: number) => ({ node: server, at, state, reason: 'because' });
      const times = [NOON - 2, NOON - 1, NOON + SECOND, NOON + MINUTE];
      await opened.store.recordStates(
        ['up', 'down', 'up', 'down'].map((state, index) => change(state, times[index] ?? 0)),
      );
      const { feed } = await opened.store.read({ window, cursor: null, limit: 3, sample: 1 });
      expect(feed.states.map(({ state, at }) => [state, at])).toEqual([['down', NOON - 1]]);
      const later = { from: NOON + SECOND, to: NOON + 12 * SECOND };
      const page = await opened.store.read({ window: later, cursor: null, limit: 1_000, sample: 1 });
      expect(page.feed.states.map(({ state, at }) => [state, at])).toEqual([
        ['down', NOON - 1],
        ['up', NOON + SECOND],
      ]);
    });

    it('pictures a moment: what was in flight then, and the minute before', async () => {
      await using opened = await filled();
      const { feed } = await opened.store.picture(NOON + 250 * MILLI + 1_000);
      expect(feed.exchanges).toHaveLength(1);
      expect(feed.cells.reduce((sum, cell) => sum + cell[3], 0)).toBe(3);
      const late = await opened.store.picture(NOON + 20 * SECOND);
      expect(late.feed.exchanges.map((exchange) => exchange[4])).toEqual([null]);
    });
  });
}

/** A feed without versions and in an order of its own, without empty cells. */
function comparable(feed: FeedItems) {
  const exchange = ([id, , ...rest]: ExchangeTuple) => [id, ...rest];
  const cell = ([link, second, , ...rest]: CellTuple) => [link, second, ...rest];
  return {
    exchanges: feed.exchanges.map(exchange).sort(byText),
    cells: feed.cells
      .filter((tuple) => tuple[3] > 0)
      .map(cell)
      .sort(byText),
  };
}

const byText = (a: readonly unknown[], b: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);
const startOf = (exchange: ExchangeTuple): number => exchange[5] ?? exchange[6] ?? 0;
