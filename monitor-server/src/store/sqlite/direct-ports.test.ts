import { describeStore } from '../testing/describe-store.ts';
import { NOON } from '../testing/estate.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

const RETENTION_MICROS = 30 * 24 * 3_600 * 1_000_000;

/** Apart from the same in threads, so that the two are held to the contract side by side. */
describeStore('sqlite in one thread', async (path) =>
  createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: RETENTION_MICROS })),
);
