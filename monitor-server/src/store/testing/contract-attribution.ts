import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { CALL, createReporter, loopback, MILLI, NOON, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

export function describeAttribution(name: string, open: OpenStore): void {
  describe(`${name}: attribution`, () => {
    it('knows a caller that does not report by its address alone', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611, bound: '0.0.0.0' });
      const from = (port: number) => ({ server: '10.0.0.2:4611', client: `10.0.0.7:${port}` });
      await opened.send(bank, [
        bank.served({ start: NOON, connection: from(5000), ordinal: 0 }),
        bank.served({ start: NOON + 1, connection: from(5001), ordinal: 0 }),
      ]);
      expect(await opened.settle(100 * MILLI)).toBe(2);
      expect(await opened.links()).toEqual([]);
      expect(await opened.settle(300 * MILLI)).toBe(0);
      expect(await opened.links()).toEqual(['10.0.0.7 → /bank: 2']);
      const { nodes } = await opened.store.nodes(null, 100);
      expect(nodes.find((node) => node.name === '10.0.0.7')).toMatchObject({
        kind: 'client',
        monitored: false,
        parent: null,
        state: null,
      });
    });

    it('shows the next request on a connection of such a caller at once', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const connection = loopback(5000, 4611);
      await opened.send(bank, [bank.served({ start: NOON, connection, ordinal: 0 })]);
      await opened.settle(SECOND);
      await opened.send(bank, [bank.served({ start: NOON + SECOND, connection, ordinal: 1 })], SECOND);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 2']);
    });

    it('waits longer for the half of a client that has reported this connection before', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop' });
      const connection = loopback(5000, 4611);
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 100, connection, ordinal: 0 })]);
      await opened.send(bank, [bank.served({ start: NOON + 50_000, connection, ordinal: 1 })]);
      expect(await opened.settle(SECOND)).toBe(1);
      expect(await opened.settle(3 * SECOND)).toBe(0);
      expect(await opened.links()).toEqual(['127.0.0.1 → /bank: 1', 'shop → /bank: 1']);
    });

    it('resolves a target through the listeners, so that no ghost of localhost appears', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611, bound: '::' });
      const shop = createReporter({ name: 'shop' });
      await opened.send(bank, []);
      for (const address of ['localhost:4611', '127.0.0.1:4611', '[::1]:4611'])
        await opened.send(shop, [shop.called({ start: NOON, call: { ...CALL, address } })]);
      // Somebody listens there who reports: its half is waited for.
      expect(await opened.settle(SECOND)).toBe(3);
      await opened.settle(3 * SECOND);
      expect(await opened.links()).toEqual(['shop → /bank: 3']);
      expect((await opened.store.nodes(null, 100)).nodes.some((node) => node.kind === 'outside')).toBe(false);
    });

    it('takes localhost of another host for what it is: outside', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop', hostId: 'host-two' });
      await opened.send(bank, []);
      await opened.send(shop, [shop.called({ start: NOON, call: { ...CALL, address: 'localhost:4611' } })]);
      await opened.settle(SECOND);
      expect(await opened.links()).toEqual(['shop → localhost:4611/bank: 1']);
    });

    it('resolves a target by the address its process advertises, and by where its reports come from', async () => {
      await using opened = await openTemporary(open);
      const settings = { port: 4611, bound: '0.0.0.0', hostId: 'host-two', remoteAddress: '10.0.0.2' };
      const bank = createReporter({ ...settings, name: 'bank', advertised: 'bank.example:80' });
      const shop = createReporter({ name: 'shop' });
      await opened.send(bank, []);
      for (const address of ['Bank.example:80', '10.0.0.2:4611', '10.0.0.3:4611'])
        await opened.send(shop, [shop.called({ start: NOON, call: { ...CALL, address } })]);
      await opened.settle(3 * SECOND);
      expect(await opened.links()).toEqual(['shop → /bank: 2', 'shop → 10.0.0.3:4611/bank: 1']);
    });

    it('shows a refused call at once: nobody has its other half', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop' });
      await opened.send(bank, []);
      const call = { ...CALL, address: 'localhost:4611' };
      await opened.send(shop, [shop.called({ start: NOON, call, outcome: 'refused', status: 0 })]);
      expect(await opened.links()).toEqual(['shop → /bank: 1']);
    });

    it('still knows whom a refused call was for when the service has closed its port and said goodbye', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop' });
      await opened.send(bank, []);
      const goodbye = bank.report([], { listeners: [], closing: true, sentAt: NOON + SECOND });
      await opened.store.append(goodbye, bank.receipt(NOON + SECOND));
      const call = { ...CALL, address: '127.0.0.1:4611' };
      await opened.send(
        shop,
        [shop.called({ start: NOON + 2 * SECOND, call, outcome: 'refused', status: 0 })],
        2 * SECOND,
      );
      expect(await opened.links()).toEqual(['shop → /bank: 1']);
      expect(await opened.store.processes()).toMatchObject([
        { name: 'bank', closing: true, listeners: bank.listeners },
      ]);
    });

    it('lets the calls of a process that begins to listen begin at its server from then on', async () => {
      await using opened = await openTemporary(open);
      const agent = createReporter({ name: 'agent' });
      const listening = createReporter({ name: 'agent', port: 4700, start: 2 });
      const call = { ...CALL, address: 'far.example:80' };
      await opened.send(agent, [agent.called({ start: NOON, call })]);
      await opened.settle(SECOND);
      await opened.send(listening, [listening.called({ start: NOON + 2 * SECOND, call })], 2 * SECOND);
      await opened.settle(4 * SECOND);
      const { nodes, links } = await opened.store.topology({ from: NOON, to: NOON + 60 * SECOND }, 'endpoint');
      const kinds = new Map(nodes.map((node) => [node.id, node.kind]));
      expect(links.map((link) => kinds.get(link.source)).sort()).toEqual(['client', 'server']);
    });

    it('keeps the number of endpoints of one server bounded', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const rows = Array.from({ length: 5_050 }, (_, index) =>
        bank.served({ start: NOON + index, call: { ...CALL, path: `/invented/${index}` } }),
      );
      await opened.send(bank, rows);
      await opened.settle(SECOND);
      const { nodes } = await opened.store.topology({ from: NOON, to: NOON + SECOND }, 'endpoint');
      const endpoints = nodes.filter((node) => node.kind === 'endpoint').map((node) => node.name);
      expect(endpoints).toHaveLength(5_001);
      expect(endpoints).toContain('(other)');
    });
  });
}
