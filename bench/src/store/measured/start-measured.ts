import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { type Child, startChild } from '../../child.ts';
import type { Usage } from './usage.ts';

/** A server in a process of its own, with a probe in it. */
export interface Measured {
  readonly url: string;
  readonly port: number;
  /** Where it keeps its data: removed when it is stopped, unless it was given. */
  readonly folder: string;
  usage(): Promise<Usage>;
  /** The loop's delay counts from now. */
  reset(): Promise<Usage>;
  stop(): Promise<void>;
}

export const BENCH_KEY = 'bench-ingest-key';
const PROBE = new URL('./probe-process.js', import.meta.url);
const READY_TRIES = 200;
const READY_MILLIS = 50;

/** The real server, as `soa-monitor serve` runs it, with an ingest key. Its messages go to stderr. */
export async function startMonitor(
  given: { readonly folder?: string; readonly viewersMax?: number; readonly keepDays?: number } = {},
) {
  const program = new URL('../bin/soa-monitor.js', import.meta.resolve('@soa-monitor/server'));
  return start(program, given.folder ?? null, (folder, port) => [
    'serve',
    ...['--port', String(port), '--data', folder, '--keep-days', String(given.keepDays ?? 3_650)],
    ...['--viewers-max', String(given.viewersMax ?? 50)],
  ]);
}

/** A module of the bench that serves on the port it is given: `<folder> <port>`. */
export const startPeer = (module: URL): Promise<Measured> =>
  start(module, null, (folder, port) => [folder, String(port)]);

async function start(
  program: URL,
  givenFolder: string | null,
  argsOf: (folder: string, port: number) => readonly string[],
): Promise<Measured> {
  const folder = givenFolder ?? mkdtempSync(join(tmpdir(), 'soa-monitor-bench-'));
  const port = await freePort();
  const child: Child = await startChild(program, argsOf(folder, port), ['--import', PROBE.href], {
    SOA_MONITOR_KEY: BENCH_KEY,
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/readyz`);
  return {
    ...{ url, port, folder },
    usage: () => child.ask<Usage>('usage'),
    reset: () => child.ask<Usage>('reset'),
    async stop() {
      await child.stop();
      if (givenFolder === null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await after(READY_MILLIS);
  }
  throw new Error(`nobody answers at ${url}`);
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
