import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchLatency } from './latency.ts';
import { benchNoCallLost } from './no-call-lost.ts';
import { benchStart } from './start-time.ts';

/** `npm run bench -- live`: how late a message's dot is, whether a call is lost, and how long a start takes. */
export async function liveBench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'soa-monitor-bench-'));
  try {
    await benchStart(join(folder, 'start'));
    await benchLatency(join(folder, 'latency'));
    await benchNoCallLost(join(folder, 'lost'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
