import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';

/** The real store in a folder of its own (its threads run from dist: build first). */
export async function temporaryStore(): Promise<{ readonly store: Store; remove(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
  const store = await openStore({ path: join(folder, 'monitor.sqlite') });
  return {
    store,
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
