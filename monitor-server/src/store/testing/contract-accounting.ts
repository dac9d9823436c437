import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, NOON, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

export function describeAccounting(name: string, open: OpenStore): void {
  describe(`${name}: accounting`, () => {
    it('has no difference while rows are on their way, stored but not told, or told', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      await opened.send(bank, [bank.served({ start: NOON })]);
      expect(await opened.store.accounting()).toMatchObject({ observed: 1, acknowledged: 1, stored: 1, difference: 0 });
      const late = bank.served({ start: NOON });
      await opened.send(bank, [], SECOND);
      expect(await opened.store.accounting()).toMatchObject({ observed: 2, acknowledged: 1, queued: 1, difference: 0 });
      await opened.reopen();
      await opened.send(bank, [late], 2 * SECOND);
      expect(await opened.store.accounting()).toMatchObject({ observed: 2, acknowledged: 2, stored: 2, difference: 0 });
    });

    it('counts what a reporter dropped', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      bank.served({ start: NOON });
      const report = bank.report([]);
      const counters = { ...report.header.counters, queued: 0, dropped: { queueFull: 1 } };
      await opened.store.append({ ...report, header: { ...report.header, counters } }, bank.receipt(NOON));
      expect(await opened.store.accounting()).toMatchObject({ observed: 1, dropped: 1, difference: 0 });
    });

    it('shows a difference when a reporter knows of rows that the store does not have', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      bank.acknowledged([bank.served({ start: NOON })]);
      await opened.send(bank, []);
      expect(await opened.store.accounting()).toMatchObject({ acknowledged: 1, stored: 0, difference: 1 });
    });
  });
}
