import type { StoreMaintenance } from './maintenance.ts';
import { createMaintenance } from './sqlite/maintenance.ts';
import { openReadingPorts } from './sqlite/reading-ports.ts';
import { createStoreFace } from './sqlite/store-face.ts';
import { openThreadPorts } from './sqlite/thread-ports.ts';
import type { CountingStore, Store } from './store.ts';

export interface StoreSettings {
  /** The database file; its folder must exist. */
  readonly path: string;
  /** Times older than this at receipt are taken for a wrong clock. */
  readonly retentionMicros?: number;
  /** Epoch µs. */
  readonly clock?: () => number;
}

const RETENTION_MICROS = 30 * 24 * 3_600 * 1_000_000;

/**
 * Opens the store, creating or migrating its database. Rejects with one clear line when the file cannot be written, is
 * damaged, or is of a newer version. The only place that names an adapter.
 */
export async function openStore(settings: StoreSettings): Promise<CountingStore> {
  const { path, retentionMicros = RETENTION_MICROS, clock = () => Date.now() * 1_000 } = settings;
  const ports = await openThreadPorts({ path, retentionMicros, now: clock() }).catch((error: unknown) => {
    // A page that is met only when the memory is built.
    if (error instanceof Error && /^database disk image is malformed/.test(error.message))
      throw new Error(
        `The database ${path} is damaged (${error.message}): soa-monitor check says where; restore a backup.`,
      );
    throw error;
  });
  return createStoreFace(ports);
}

/** What commands do to the database of a store. Nothing is opened before it is asked to work. */
export const maintainStore = (path: string): StoreMaintenance => createMaintenance(path);
/** Opens what another process may be writing, for questions alone. Rejects with one clear line. */
export async function openStoreForReading(path: string): Promise<ReadingStore> {
  return createStoreFace(await openReadingPorts(path));
}

type ReadingStore = Pick<Store, 'export' | 'topology' | 'traffic' | 'node' | 'close'>;
