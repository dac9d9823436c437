import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { createReporter, loopback, MINUTE } from '../testing/estate.ts';

const PROGRAM = new URL('../../../dist/store/testing/append-for-ever.js', import.meta.url).pathname;

/** Lets the program append until so many pairs are acknowledged, kills it with -9, and gives the last one it told. */
async function runAndKill(path: string, first: number, pairs: number, epoch: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, path, String(first), String(epoch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let last = -1;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last >= first + pairs) child.kill('SIGKILL');
  }
  await exited;
  return last;
}

it('what was acknowledged before a kill -9 in mid-load is all there, and none of it twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'soa-kill-'));
  const path = join(folder, 'monitor.db');
  const epoch = Date.now() * 1_000;
  try {
    let acknowledged = -1;
    for (const pairs of [40, 1, 90]) {
      // It begins with what was acknowledged last, as a sender does that has not seen the answer.
      acknowledged = await runAndKill(path, Math.max(0, acknowledged), pairs, epoch);
      const store = await openStore({ path });
      const { stored } = await store.accounting(epoch);
      // The pair under way at the kill may be there too: committed, and not told.
      expect(stored).toBeGreaterThanOrEqual(2 * (acknowledged + 1));
      expect(stored).toBeLessThanOrEqual(2 * (acknowledged + 2));
      expect(await store.check()).toEqual([]);
      await store.close();
    }
    const store = await openStore({ path });
    const bank = createReporter({ name: 'bank', port: 4611 });
    const shop = createReporter({ name: 'shop' });
    for (let pair = 0; pair <= acknowledged + 1; pair++) {
      const start = epoch + pair * 1_000;
      const connection = loopback(1_024 + pair, 4611);
      const rows = [shop.called({ start, connection, ordinal: 0 }), bank.served({ start, connection, ordinal: 0 })];
      for (const [index, reporter] of [shop, bank].entries()) {
        const now = Date.now() * 1_000;
        await store.append(reporter.report(rows.slice(index, index + 1), { sentAt: now }), reporter.receipt(now));
      }
    }
    await store.settle(epoch + 60 * MINUTE, 1, MINUTE);
    const { links } = await store.topology({ from: epoch, to: epoch + 60 * MINUTE }, 'endpoint');
    expect(links.map(({ count }) => count)).toEqual([acknowledged + 2]);
    expect(await store.accounting(epoch)).toMatchObject({ stored: 2 * (acknowledged + 2), difference: 0 });
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
