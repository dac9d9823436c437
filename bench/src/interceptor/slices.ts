import { type Child, startChild } from '../child.ts';
import type { LoadSeen, LoadWish } from './load.ts';
import type { Usage } from './service-process.ts';

/** One way of watching one service, in a process of its own, with a collector of its own. */
export interface Mode {
  readonly name: string;
  readonly service: Child;
  readonly collector: Child;
  readonly url: string;
}

export interface Slice {
  /** Of the service's process, shipping included, µs a request. */
  readonly cpuMicros: number;
  readonly userMicros: number;
  readonly latencyMillis: number;
}

export interface SliceWish {
  readonly bytes: number;
  readonly amount: number;
  readonly rate?: number;
  readonly uniqueIds?: boolean;
  /** True: what is queued is not waited for, because nobody may take it. */
  readonly isUnshipped?: boolean;
}

const CONNECTIONS = 8;

export async function startMode(
  name: string,
  kind: 'raw' | 'soap',
  observer: string,
  nextReportMillis = 1_000,
): Promise<Mode> {
  const collector = await startChild(new URL('./collector-process.js', import.meta.url), [String(nextReportMillis)]);
  const port = await collector.ask<number>('port');
  const service = await startChild(
    new URL('./service-process.js', import.meta.url),
    [kind, observer, String(port)],
    ['--expose-gc'],
  );
  const url = `http://127.0.0.1:${await service.ask<number>('port')}`;
  return { name, service, collector, url };
}

export async function stopMode({ service, collector }: Mode): Promise<void> {
  await service.stop();
  await collector.stop();
}

export async function runSlice(mode: Mode, load: Child, wish: SliceWish): Promise<Slice> {
  const before = await mode.service.ask<Usage>('usage');
  const order: LoadWish = {
    url: mode.url,
    bytes: wish.bytes,
    amount: wish.amount,
    rate: wish.rate ?? null,
    connections: CONNECTIONS,
    uniqueIds: wish.uniqueIds ?? false,
  };
  const seen = await load.ask<LoadSeen>(order);
  if (seen.wrong > 0 || seen.requests < wish.amount)
    throw new Error(`${mode.name}: ${seen.requests} of ${wish.amount} answered, ${seen.wrong} wrong`);
  const after = await mode.service.ask<Usage>(wish.isUnshipped ? 'usage' : 'flush');
  const sorted = [...seen.latencyMillis].sort((a, b) => a - b);
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / seen.requests,
    userMicros: (after.userMicros - before.userMicros) / seen.requests,
    latencyMillis: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
  };
}

/** Slices of all modes in turn, A B C … C B A, after each was warmed up: rounds × modes. */
export async function interleave(
  modes: readonly Mode[],
  load: Child,
  wish: SliceWish,
  rounds: number,
  warmUp: number,
): Promise<Slice[][]> {
  for (const mode of modes) await runSlice(mode, load, { ...wish, amount: warmUp });
  const slices: Slice[][] = modes.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = modes.map((_, index) => (round % 2 === 0 ? index : modes.length - 1 - index));
    for (const index of order) {
      const mode = modes[index];
      if (mode !== undefined) slices[index]?.push(await runSlice(mode, load, wish));
    }
  }
  return slices;
}
