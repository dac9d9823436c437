import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ingestKey } from './estate.ts';
import { freePorts, root, type Started, startProcess } from './process.ts';

/** A monitor and the sample estate as processes that know nothing of each other's end: the one is killed, the other goes on. */
export interface MonitorApart {
  readonly url: string;
  readonly data: string;
  /** Where each calling process of the sample writes what it counted of its own calls. */
  readonly tally: string;
  /** On the same port and data folder each time; its clock as much ahead as wanted. */
  startMonitor(aheadMillis?: number): Promise<void>;
  /** kill -9, and waits until all of it is gone. */
  killMonitor(): Promise<void>;
  startSample(rate: number, calls: number, key?: string): Promise<Started>;
  close(): Promise<void>;
}

export async function monitorApart(): Promise<MonitorApart> {
  const data = await mkdtemp(join(tmpdir(), 'soa-monitor-apart-'));
  const tally = join(data, 'tally');
  await mkdir(tally);
  const [port = 0, ...services] = await freePorts(4);
  const url = `http://127.0.0.1:${port}`;
  const processes: Started[] = [];
  let monitor: Started | null = null;
  return {
    url,
    data,
    tally,
    async startMonitor(aheadMillis = 0) {
      const args = ['--no-sample', '--port', `${port}`, '--data', data];
      monitor = startProcess(`${root}scripts/start.mjs`, args, { env: clockAhead(aheadMillis) });
      processes.push(monitor);
      await monitor.until(/Open http/);
    },
    async killMonitor() {
      process.kill(Number(/^monitor\s+pid (\d+)/m.exec(monitor?.output() ?? '')?.[1]), 'SIGKILL');
      await monitor?.ended;
    },
    async startSample(rate, calls, key) {
      const sample = startProcess(`${root}sample-airline-bank/dist/sample.js`, [
        ...['--monitor', url, '--key', key ?? (await ingestKey(data)), '--data', join(data, 'sample')],
        ...['--tally', tally, '--ports', services.join(','), '--rate', `${rate}`, '--calls', `${calls}`, '--seed', '3'],
      ]);
      processes.push(sample);
      return sample;
    },
    async close() {
      await Promise.all(processes.map((started) => started.stop()));
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Each thread of the process reads a clock that is so much ahead. */
function clockAhead(millis: number): NodeJS.ProcessEnv {
  if (millis === 0) return {};
  const code = `const now = Date.now; Date.now = () => now() + ${millis};`;
  return {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=data:text/javascript,${encodeURIComponent(code)}`,
  };
}
