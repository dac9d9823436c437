import type { Exchange } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, MINUTE, NOON, SECOND } from './estate.ts';
import { AROUND, type Opened, openTemporary } from './opened.ts';

const EVERYTHING = {
  window: AROUND,
  node: null,
  link: null,
  operation: null,
  outcome: null,
  minDurationMicros: null,
  fault: null,
  text: null,
  cursor: null,
  limit: 100,
};

export function describeQuestions(name: string, open: OpenStore): void {
  /** Five calls from a shop to the bank, a minute apart, the last one a fault. */
  const filled = async (): Promise<Opened> => {
    const opened = await openTemporary(open);
    const bank = createReporter({ name: 'bank', machine: 'vault', port: 4611 });
    const shop = createReporter({ name: 'shop', machine: 'street' });
    const connection = loopback(5000, 4611);
    for (let index = 0; index < 5; index++) {
      const isLast = index === 4;
      const call = { ...CALL, operation: { namespace: 'urn:bank', name: isLast ? 'withdraw' : 'balance' } };
      const fault = isLast ? { code: 'soap:Server.NotEnough', reason: 'Not enough MONEY' } : null;
      const ended = { call, fault, outcome: isLast ? 'fault' : 'ok', connection, ordinal: index } as const;
      const start = NOON + index * MINUTE;
      await opened.send(shop, [shop.called({ start, end: 1_000 * (index + 1), ...ended })], index * MINUTE);
      await opened.send(bank, [bank.served({ start: start + 100, ...ended })], index * MINUTE);
    }
    return opened;
  };
  const ask = async (opened: Opened, query: Partial<typeof EVERYTHING> | object): Promise<readonly Exchange[]> =>
    (await opened.store.exchanges({ ...EVERYTHING, ...query })).exchanges;

  describe(`${name}: questions`, () => {
    it('fold the topology to operations, endpoints, servers and machines', async () => {
      await using opened = await filled();
      expect(await opened.links('operation')).toEqual(['shop → /bank balance: 4', 'shop → /bank withdraw: 1']);
      expect(await opened.links('endpoint')).toEqual(['shop → /bank: 5']);
      expect(await opened.links('server')).toEqual(['shop → bank: 5']);
      // A client stands for itself on a machine that has no server.
      expect(await opened.links('machine')).toEqual(['shop → vault: 5']);
    });

    it('are exact at the edges of a window', async () => {
      await using opened = await filled();
      for (const [from, to, count] of [
        [NOON, NOON + 4 * MINUTE, 4],
        [NOON + 1, NOON + 4 * MINUTE + 1, 4],
        [NOON + 30 * SECOND, NOON + 150 * SECOND, 2],
        [NOON + 1, NOON + MINUTE, 0],
      ] as const) {
        const { links } = await opened.store.topology({ from, to }, 'endpoint');
        expect(links.map((link) => link.count)).toEqual(count === 0 ? [] : [count]);
      }
    });

    it('chart the traffic of a node, a link or an operation in steps', async () => {
      await using opened = await filled();
      const { links } = await opened.store.topology(AROUND, 'machine');
      const link = links[0]?.id ?? '';
      const traffic = { window: AROUND, node: null, link: null, operation: null };
      const counts = async (query: object, stepMicros: number) =>
        (await opened.store.traffic({ ...traffic, stepMicros, ...query })).buckets.map(({ from, count }) => [
          (from - NOON) / SECOND,
          count,
        ]);
      expect(await counts({ link }, 2 * MINUTE)).toEqual([
        [0, 2],
        [120, 2],
        [240, 1],
      ]);
      expect(await counts({ operation: 'withdraw' }, SECOND)).toEqual([[240, 1]]);
      expect(await counts({ node: links[0]?.target }, 60 * MINUTE)).toEqual([[0, 5]]);
      expect(await counts({ node: 'nobody' }, MINUTE)).toEqual([]);
    });

    it('chart the busiest groups as each would be charted alone, and say how many there are', async () => {
      await using opened = await filled();
      const query = { window: AROUND, node: null, link: null, operation: null, stepMicros: MINUTE, latency: true };
      for (const by of ['link', 'operation', 'node', 'client'] as const) {
        const { groups = [], groupCount, buckets } = await opened.store.traffic({ ...query, groups: { by, max: 24 } });
        expect(buckets).toEqual([]);
        expect(groups.length).toBeGreaterThan(0);
        expect(groupCount).toBe(groups.length);
        for (const { key, count, buckets: own } of groups) {
          expect(own.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
          const alone = by === 'client' ? { node: key } : { [by]: key };
          expect((await opened.store.traffic({ ...query, ...alone })).buckets).toEqual(own);
        }
        const first = await opened.store.traffic({ ...query, groups: { by, max: 1 } });
        expect(first.groups).toEqual(groups.slice(0, 1));
        expect(first.groupCount).toBe(groupCount);
      }
    });

    it('list exchanges newest first, filtered', async () => {
      await using opened = await filled();
      expect((await ask(opened, {})).map(({ start }) => (start - NOON) / MINUTE)).toEqual([4, 3, 2, 1, 0]);
      expect(await ask(opened, { outcome: 'fault' })).toMatchObject([{ fault: { code: 'soap:Server.NotEnough' } }]);
      expect(await ask(opened, { fault: 'Server' })).toHaveLength(1);
      expect(await ask(opened, { fault: 'soap:Server' })).toHaveLength(1);
      expect(await ask(opened, { fault: 'NotEnough' })).toHaveLength(0);
      expect(await ask(opened, { text: 'enough money' })).toHaveLength(1);
      expect(await ask(opened, { text: 'SHOP' })).toHaveLength(5);
      expect(await ask(opened, { minDurationMicros: 4_000 })).toHaveLength(2);
      expect(await ask(opened, { operation: 'balance' })).toHaveLength(4);
      expect(await ask(opened, { window: { from: NOON, to: NOON + MINUTE } })).toHaveLength(1);
    });

    it('page through exchanges by a cursor that later reports do not disturb', async () => {
      await using opened = await filled();
      const first = await opened.store.exchanges({ ...EVERYTHING, limit: 2 });
      const late = createReporter({ name: 'late', port: 4700 });
      await opened.send(late, [late.served({ start: NOON + 5 * MINUTE })], 5 * MINUTE);
      await opened.settle(6 * MINUTE);
      const pages = [];
      const rest = { ...EVERYTHING, bodies: false, cursor: first.cursor, limit: 2 };
      for await (const page of opened.store.export(rest)) pages.push(page.map(({ exchange }) => exchange));
      const starts = [first.exchanges, ...pages].flat().map(({ start }) => (start - NOON) / MINUTE);
      expect(starts).toEqual([4, 3, 2, 1, 0]);
    });

    it('compare two windows', async () => {
      await using opened = await filled();
      const before = { from: NOON, to: NOON + 2 * MINUTE };
      const after = { from: NOON + 2 * MINUTE, to: NOON + 5 * MINUTE };
      const comparison = await opened.store.compare(before, after, 'operation');
      expect(comparison.added).toMatchObject([{ operation: 'withdraw', count: 1 }]);
      expect(comparison.changed).toMatchObject([{ before: { count: 2 }, after: { count: 2 } }]);
      expect((await opened.store.compare(after, before, 'operation')).gone).toMatchObject([{ operation: 'withdraw' }]);
    });

    it('keep the history of states', async () => {
      await using opened = await filled();
      const server = (await opened.store.processes())[0]?.server ?? '';
      const change = (state: string, at: number) => ({ node: server, at, state, reason: 'because' });
      await opened.store.recordStates([change('up', NOON), change('down', NOON + SECOND)]);
      await opened.store.recordStates([change('suspect', NOON + 1)]);
      expect((await opened.store.node(server))?.state).toMatchObject({ state: 'down', since: NOON + SECOND });
      const page = await opened.store.states(server, AROUND, null, 2);
      expect(page.states.map(({ state }) => state)).toEqual(['down', 'suspect']);
      expect((await opened.store.states(server, AROUND, page.cursor, 2)).states).toMatchObject([{ state: 'up' }]);
      const first = await opened.store.stateChanges(AROUND, null, 2);
      const second = await opened.store.stateChanges(AROUND, first.cursor, 10);
      expect([...first.states, ...second.states]).toEqual(
        [...(await opened.store.states(server, AROUND, null, 10)).states].reverse(),
      );
      expect(second.cursor).toBeNull();
      expect(opened.feed().states.map(({ state }) => state)).toEqual(['up', 'down', 'suspect']);
    });

    it('keep views, and refuse one that was changed in between', async () => {
      await using opened = await openTemporary(open);
      const { store } = opened;
      const place = { x: 1, y: 2, pinned: true, charge: -30 };
      expect(await store.view('main')).toBeNull();
      const first = await store.putView('main', { nodes: { a: place }, settings: { dark: true } }, null);
      const second = await store.placeNode('main', 'b', { x: 0, y: 0, pinned: false });
      expect(await store.putView('main', { nodes: {}, settings: {} }, first?.etag ?? '')).toBeNull();
      await opened.reopen();
      expect(await opened.store.view('main')).toEqual({
        view: { nodes: { a: place, b: { x: 0, y: 0, pinned: false } }, settings: { dark: true } },
        etag: second.etag,
      });
      await opened.store.placeNode('main', 'a', null);
      expect(Object.keys((await opened.store.view('main'))?.view.nodes ?? {})).toEqual(['b']);
    });

    it('name the listener that took a port over, not the one that died', async () => {
      await using opened = await openTemporary(open);
      const old = createReporter({ name: 'bank', port: 4611 });
      const young = createReporter({ name: 'bank', port: 4611, start: 2 });
      await opened.send(old, []);
      await opened.send(young, [], SECOND);
      expect((await opened.store.processes()).map(({ reporter }) => reporter)).toEqual([young.reporter]);
    });
  });
}
