import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  differences,
  freePorts,
  ingestKey,
  ownCounts,
  root,
  settled,
  startProcess,
  storedCounts,
} from '@soa-monitor/end-to-end';
import { atMost, print } from '../figure.ts';

const CALLS = 20_000;
const CALLS_PER_SECOND = 130;

/** Drives calls through the estate; the store must know of each caller's calls what the caller itself counted. */
export async function benchNoCallLost(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'soa-monitor-lost-'));
  const tally = join(data, 'tally');
  await mkdir(tally);
  const [port = 0, ...services] = await freePorts(4);
  const url = `http://127.0.0.1:${port}`;
  const monitor = startProcess(`${root}scripts/start.mjs`, ['--no-sample', '--port', `${port}`, '--data', data]);
  await monitor.until(/Open http/);
  const estate = startProcess(`${root}sample-airline-bank/dist/sample.js`, [
    ...['--monitor', url, '--key', await ingestKey(data), '--data', join(data, 'sample'), '--tally', tally],
    ...['--ports', services.join(','), '--rate', `${CALLS_PER_SECOND}`, '--seed', '1', '--calls', `${CALLS}`],
  ]);
  try {
    for (const name of ['web-shop', 'kiosk', 'call-centre', 'partner']) {
      await estate.until(new RegExp(`^${name}\\b.*ended`, 'm'));
    }
    await settled(url);
    const own = await ownCounts(tally);
    const { counts, oneSided, accounting } = await storedCounts(url);
    const differing = differences(own, counts);
    for (const difference of differing) process.stderr.write(`${difference}\n`);
    const calls = [...own.values()].reduce((sum, count) => sum + count, 0);
    print(atMost('live', 'calls counted by their callers', calls, 'calls', null));
    print(atMost('live', 'callers and outcomes of which the store differs', differing.length, 'pairs', 0));
    print(atMost('live', 'exchanges between monitored processes without both halves', oneSided, 'exchanges', 0));
    print(atMost('live', 'rows dropped', accounting.dropped, 'rows', 0));
    print(atMost('live', 'rows unaccounted for', Math.abs(accounting.difference), 'rows', 0));
  } finally {
    await estate.stop();
    await monitor.stop();
    await rm(data, { recursive: true, force: true });
  }
}
