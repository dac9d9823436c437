import { openStore } from '../open-store.ts';
import { describeStore } from '../testing/describe-store.ts';
import { NOON } from '../testing/estate.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

const RETENTION_MICROS = 30 * 24 * 3_600 * 1_000_000;

describeStore('sqlite in one thread', async (path) =>
  createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: RETENTION_MICROS })),
);
describeStore('sqlite in threads of its own', (path) => openStore({ path, clock: () => NOON }));
