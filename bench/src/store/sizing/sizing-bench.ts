import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../child.ts';
import { type Figure, print } from '../../figure.ts';
import type { LoadWish, Prepared, Sent } from '../load/load-wish.ts';
import { startMonitor } from '../measured/start-measured.ts';

const BENCH = 'sizing';
const RATES = [100, 1_000, 5_000];
const SLICE_SECONDS = 5;
const DAY_SECONDS = 86_400;
/** What an estate of this many reporters sends at once at that rate: a report a second of each. */
const REPORTERS = 48;
const ROWS_MAX = 200;

/** What a monitor takes of disk and memory at steady rates, each for so many minutes, to be multiplied into a plan. */
export async function sizingBench(minutes: number): Promise<void> {
  for (const rate of RATES) await sizeAt(rate, minutes);
}

async function sizeAt(rate: number, minutes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-sizing-'));
  try {
    // Stopped, so that all stands in one file: what an empty one takes is taken off.
    await (await startMonitor({ folder })).stop();
    const emptyBytes = sizeOf(folder, 'monitor.sqlite');
    const ran = await runAt(folder, rate, minutes);
    const bytes = (sizeOf(folder, 'monitor.sqlite') - emptyBytes) / ran.observations;
    const at = `at ${rate.toLocaleString('en')} observations/s`;
    print(told(`taken ${at}`, ran.observations / ran.seconds, 'observations/s'));
    print(told(`on disk, per observation ${at}`, bytes, 'B'));
    print(told(`on disk, a day ${at}`, (bytes * rate * DAY_SECONDS) / 1e9, 'GB'));
    print(told(`log beside it ${at}`, ran.logBytes / 1e6, 'MB'));
    print(told(`memory of the monitor ${at}`, ran.rssBytes / 1e6, 'MB'));
    print(told(`CPU per observation ${at}`, ran.cpuMicros / ran.observations, 'µs'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAt(folder: string, rate: number, minutes: number) {
  const server = await startMonitor({ folder });
  const loads = await Promise.all([startLoad(), startLoad()]);
  try {
    const idle = await server.usage();
    const sent = await load(loads, server.port, rate, minutes);
    const { rssBytes, cpuMicros } = await server.usage();
    return { ...sent, rssBytes, cpuMicros: cpuMicros - idle.cpuMicros, logBytes: sizeOf(folder, 'monitor.sqlite-wal') };
  } finally {
    for (const one of loads) await one.stop();
    await server.stop();
  }
}

/** At the rate, where the machine can. One makes its next reports while the other sends. */
async function load(
  [first, second]: readonly [Child, Child],
  port: number,
  rate: number,
  minutes: number,
): Promise<{ readonly observations: number; readonly seconds: number }> {
  const rowsPerReport = Math.max(1, Math.min(ROWS_MAX, Math.round(rate / REPORTERS)));
  let [observations, seconds] = [0, 0];
  const prepare = (by: Child, run: string): Promise<Prepared> =>
    by.ask<Prepared>({
      ...{ kind: 'prepare', run, observations: rate * SLICE_SECONDS, rowsPerReport, observationsPerSecond: rate },
    } satisfies LoadWish);
  const send = async (by: Child, run: string): Promise<void> => {
    for (const part of ['full', 'rest'] as const) {
      const wish = { kind: 'send', run, part, port, inFlight: 8, observationsPerSecond: rate } as const;
      const sent = await by.ask<Sent>(wish satisfies LoadWish);
      observations += sent.observations;
      seconds += sent.seconds;
    }
  };
  const until = performance.now() + minutes * 60_000;
  await prepare(first, 'first');
  for (let turn = 0; performance.now() < until; turn++) {
    const [sender, other] = turn % 2 === 0 ? [first, second] : [second, first];
    const [run, next] = turn % 2 === 0 ? ['first', 'second'] : ['second', 'first'];
    await Promise.all([send(sender, run), prepare(other, next)]);
  }
  return { observations, seconds };
}

const startLoad = (): Promise<Child> => startChild(new URL('../load/load-process.js', import.meta.url), []);

const sizeOf = (folder: string, name: string): number =>
  statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;

const told = (figure: string, value: number, unit: string): Figure => ({
  ...{
    bench: BENCH,
    figure,
    value: Number(value.toPrecision(3)),
    unit,
    peer: null,
    must: null,
    goal: null,
    holds: null,
  },
});
