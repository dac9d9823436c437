import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, MINUTE, NOON, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

export function describeAccounting(name: string, open: OpenStore): void {
  describe(`${name}: accounting`, () => {
    it('has no difference while rows are on their way, stored but not told, or told', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      await opened.send(bank, [bank.served({ start: NOON })]);
      expect(await opened.store.accounting(NOON)).toMatchObject({
        observed: 1,
        acknowledged: 1,
        stored: 1,
        difference: 0,
      });
      const late = bank.served({ start: NOON });
      await opened.send(bank, [], SECOND);
      expect(await opened.store.accounting(NOON)).toMatchObject({
        observed: 2,
        acknowledged: 1,
        queued: 1,
        difference: 0,
      });
      await opened.reopen();
      await opened.send(bank, [late], 2 * SECOND);
      expect(await opened.store.accounting(NOON)).toMatchObject({
        observed: 2,
        acknowledged: 2,
        stored: 2,
        difference: 0,
      });
    });

    it('counts what a reporter dropped', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      bank.served({ start: NOON });
      const report = bank.report([]);
      const counters = { ...report.header.counters, queued: 0, dropped: { queueFull: 1 } };
      await opened.store.append({ ...report, header: { ...report.header, counters } }, bank.receipt(NOON));
      expect(await opened.store.accounting(NOON)).toMatchObject({ observed: 1, dropped: 1, difference: 0 });
    });

    it('tells what each reporter dropped and why, by its node on the map, the most first', async () => {
      await using opened = await openTemporary(open);
      for (const [name, dropped] of [
        ['bank', { queueFull: 1 }],
        ['shop', { queueFull: 2, spoolFull: 4 }],
        ['quiet', {}],
      ] as const) {
        const one = createReporter({ name, port: 4611 });
        const lost = Object.values(dropped).reduce((sum: number, count) => sum + count, 0);
        for (let row = 0; row < lost; row++) one.served({ start: NOON });
        const report = one.report([]);
        const counters = { ...report.header.counters, queued: 0, dropped };
        await opened.store.append({ ...report, header: { ...report.header, counters } }, one.receipt(NOON));
      }
      const { droppedByReason, reporters, dropped, difference } = await opened.store.accounting(NOON);
      expect({ droppedByReason, dropped, difference }).toEqual({
        droppedByReason: { queueFull: 3, spoolFull: 4 },
        dropped: 7,
        difference: 0,
      });
      expect(reporters).toMatchObject([
        { name: 'shop', dropped: { queueFull: 2, spoolFull: 4 }, life: 'reporting', gaps: 0 },
        { name: 'bank', dropped: { queueFull: 1 } },
      ]);
      expect((await opened.store.node(reporters[0]?.node ?? ''))?.name).toBe('shop');
    });

    it('takes what had arrived after all from the rows that went unanswered, not from those that never left', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const rows = [bank.served({ start: NOON }), bank.served({ start: NOON }), bank.served({ start: NOON })];
      await opened.store.append(bank.report(rows.slice(0, 1)), bank.receipt(NOON));
      const report = bank.report([], { sentAt: NOON + SECOND });
      const counters = { ...report.header.counters, queued: 0, dropped: { queueFull: 2, unanswered: 1 } };
      await opened.store.append({ ...report, header: { ...report.header, counters } }, bank.receipt(NOON + SECOND));
      expect(await opened.store.accounting(NOON + SECOND)).toMatchObject({
        droppedByReason: { queueFull: 2 },
        acknowledged: 1,
        difference: 0,
      });
    });

    it('counts as gaps what a reporter still had when it fell silent or said goodbye, until its spool brings it', async () => {
      await using opened = await openTemporary(open);
      const killed = createReporter({ name: 'killed', port: 4611 });
      const ended = createReporter({ name: 'ended', port: 4612 });
      const late = [killed.served({ start: NOON }), killed.served({ start: NOON })];
      ended.served({ start: NOON });
      await opened.send(killed, []);
      await opened.store.append(ended.report([], { closing: true }), ended.receipt(NOON));
      expect((await opened.store.accounting(NOON + SECOND)).reporters).toMatchObject([{ life: 'closed', gaps: 1 }]);
      const silent = await opened.store.accounting(NOON + 61 * SECOND);
      expect(silent).toMatchObject({ gaps: 3, difference: 0 });
      expect(silent.reporters).toMatchObject([
        { name: 'killed', life: 'silent', gaps: 2 },
        { name: 'ended', life: 'closed', gaps: 1 },
      ]);
      await opened.send(killed, late, MINUTE);
      expect(await opened.store.accounting(NOON + 3 * MINUTE)).toMatchObject({ gaps: 1, difference: 0 });
    });

    it('tells the processes of a node, each start with its own account and where it listens', async () => {
      await using opened = await openTemporary(open);
      const behind = { address: '127.0.0.1:9000', state: 'down', detail: 'refuses connections' } as const;
      const first = createReporter({ name: 'bank', port: 4611 });
      const second = createReporter({ name: 'bank', port: 4611, start: 2 });
      await opened.send(first, [first.served({ start: NOON })]);
      const listeners = [{ address: '127.0.0.1', port: 4611, tls: false, behind }];
      await opened.store.append(second.report([], { listeners, sentAt: NOON + SECOND }), second.receipt(NOON + SECOND));
      await opened.settle(SECOND);
      const { nodes } = await opened.store.nodes(null, 100);
      const ask = async (kind: string) => {
        const node = nodes.find((each) => each.kind === kind);
        return (await opened.store.nodeProcesses(node?.id ?? '', NOON + 2 * SECOND))?.processes;
      };
      const both = [
        { reporter: second.reporter, listeners, observed: 0, life: 'reporting' },
        { reporter: first.reporter, observed: 1, acknowledged: 1 },
      ];
      expect(await ask('server')).toMatchObject(both);
      expect(await ask('endpoint')).toMatchObject(both);
      expect(await ask('machine')).toEqual([]);
      expect(await opened.store.nodeProcesses('nobody', NOON)).toBeNull();
    });

    it('shows a difference when a reporter knows of rows that the store does not have', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      bank.acknowledged([bank.served({ start: NOON })]);
      await opened.send(bank, []);
      expect(await opened.store.accounting(NOON)).toMatchObject({ acknowledged: 1, stored: 0, difference: 1 });
    });
  });
}
