import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { CALL, createReporter, MINUTE, NOON, SECOND } from '../testing/estate.ts';

const PAGES = 10;
const ROWS = 1_000;
const window = { from: NOON - MINUTE, to: NOON + MINUTE };

it('a question is answered while the pages of a file are still being read, however many were asked for before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'soa-aside-'));
  const store = await openStore({ path: join(folder, 'monitor.sqlite'), clock: () => NOON });
  const bank = createReporter({ name: 'bank', port: 4611 });
  const rows = Array.from({ length: ROWS }, (_, index) => bank.served({ start: NOON - index, call: CALL }));
  await store.append(bank.report(rows), bank.receipt(NOON));
  await store.settle(NOON + 30 * SECOND, SECOND, MINUTE);
  const query = {
    ...{
      window,
      node: null,
      link: null,
      operation: null,
      outcome: null,
      minDurationMicros: null,
      fault: null,
      text: null,
    },
    ...{ cursor: null, limit: 500, bodies: false },
  };
  const done: string[] = [];
  const pages = Array.from({ length: PAGES }, async () => {
    for await (const page of store.export(query)) {
      expect(page).toHaveLength(500);
      break;
    }
    done.push('page');
  });
  // The reader of files has its first page in hand: all others wait behind it.
  await Promise.race(pages);
  const { links } = await store.topology(window, 'server');
  done.push('question');
  await Promise.all(pages);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(links).toMatchObject([{ count: ROWS }]);
  expect(done.indexOf('question')).toBeLessThan(PAGES);
});
