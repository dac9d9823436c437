import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, print, quantileOf } from '../figure.ts';
import type { Latencies, LatencyRun } from './latency-process.ts';
import type { Slice, SliceResult } from './load-process.ts';
import { startNginx } from './start-nginx.ts';
import { startProxy } from './start-proxy.ts';

const ROUNDS = Number(process.env.SOA_MONITOR_BENCH_ROUNDS ?? 12);
const SLICE_SECONDS = 2;
/** Until the hot code is compiled, however slow the machine is just now. */
const WARM_UP_CALLS = 30_000;
const CONNECTIONS = 32;
/** Moderate: a small part of what the slowest of them can do. */
const CALLS_PER_SECOND = 300;
const LATENCY_SECONDS = 30;
/** What the system counts CPU time in. */
const TICK_MICROS = 10_000;

/**
 * `npm run bench -- proxy`: 2 KB SOAP calls through our proxy, through nginx and straight to the service. The load, the
 * service and each proxy are processes of their own; slices are interleaved, so that what disturbs one disturbs all.
 */
export async function proxyBench(): Promise<void> {
  const target = forked('target-process');
  const targetPort = await told<number>(target);
  const nginx = await startNginx(targetPort);
  const proxy = await startProxy(targetPort);
  const load = forked('load-process');
  const latency = forked('latency-process');
  try {
    if (nginx === null)
      process.stderr.write('nginx is not installed: nothing to compare with, its figures are left out\n');
    const paths: Paths = {
      direct: { port: targetPort, pid: target.pid ?? 0 },
      proxy,
      ...(nginx === null ? {} : { nginx }),
    };
    reportThroughput(await throughput(load, paths));
    reportLatency(await ask<LatencyRun, Latencies>(latency, latencyRun(paths)), paths);
    print(figure('calls that the proxy reported', proxy.observed(), 'calls'));
  } finally {
    for (const child of [load, latency, target]) child.disconnect();
    await proxy.close();
    await nginx?.close();
  }
}

type Name = 'direct' | 'nginx' | 'proxy';
type Paths = { readonly [name in Name]?: { readonly port: number; readonly pid: number } };
type Measured = { readonly [name in Name]: { rates: number[]; cpuMicros: number[]; p99s: number[] } };

async function throughput(load: ChildProcess, paths: Paths): Promise<Measured> {
  const measured = { direct: empty(), nginx: empty(), proxy: empty() };
  const names = (['direct', 'nginx', 'proxy'] as const).filter((name) => paths[name] !== undefined);
  for (let round = -1; round < ROUNDS; round++) {
    // There and back, so that a drift of the machine favours none.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const path = paths[name];
      if (path === undefined) continue;
      const before = cpuMicros(path.pid);
      const calls = round < 0 ? WARM_UP_CALLS : null;
      const slice: Slice = { port: path.port, connections: CONNECTIONS, seconds: SLICE_SECONDS, calls };
      const { calls: answered, callsPerSecond, p99Millis, failed } = await ask<Slice, SliceResult>(load, slice);
      if (failed > 0) throw new Error(`${failed} calls failed through ${name}`);
      if (round < 0) continue;
      measured[name].rates.push(callsPerSecond);
      measured[name].p99s.push(p99Millis);
      measured[name].cpuMicros.push((cpuMicros(path.pid) - before) / answered);
    }
  }
  return measured;
}

const empty = (): Measured[Name] => ({ rates: [], cpuMicros: [], p99s: [] });

function reportThroughput({ direct, nginx, proxy }: Measured): void {
  const median = (values: readonly number[]): number => quantileOf(values, 0.5);
  print(figure('calls per second, straight to the service, median', median(direct.rates), '1/s'));
  print(figure('calls per second, median', median(proxy.rates), '1/s'));
  print(figure('p99 at 32 connections, median of the slices', median(proxy.p99s), 'ms'));
  print(figure('CPU of the proxy per call, median', median(proxy.cpuMicros), 'µs'));
  if (nginx.rates.length === 0) return;
  const paired = median(proxy.rates.map((rate, round) => rate / (nginx.rates[round] ?? Number.NaN)));
  const ofMedians = median(proxy.rates) / median(nginx.rates);
  print(figure('calls per second through nginx, median', median(nginx.rates), '1/s'));
  print(figure('p99 through nginx at 32 connections, median of the slices', median(nginx.p99s), 'ms'));
  print(figure('CPU of nginx per call, median', median(nginx.cpuMicros), 'µs'));
  print({ ...figure('throughput against nginx, ratio of medians', ofMedians, ''), ...atLeastHalf(ofMedians) });
  print({ ...figure('throughput against nginx, paired median', paired, ''), ...atLeastHalf(paired) });
}

const atLeastHalf = (ratio: number): Partial<Figure> => ({ peer: 'nginx', goal: 0.5, holds: ratio >= 0.5 });

const latencyRun = (paths: Paths): LatencyRun => ({
  ports: Object.values(paths).map(({ port }) => port),
  callsPerSecond: CALLS_PER_SECOND,
  seconds: LATENCY_SECONDS,
});

function reportLatency(latencies: Latencies, { direct, nginx, proxy }: Paths): void {
  const at = (path: Paths[Name], share: number): number => quantileOf(latencies[path?.port ?? 0] ?? [], share);
  const added = (path: Paths[Name], share: number): number => at(path, share) - at(direct, share);
  print(figure(`p50 straight to the service, ${CALLS_PER_SECOND} calls/s in all`, at(direct, 0.5), 'ms'));
  const p50 = added(proxy, 0.5);
  print({ ...figure('added p50', p50, 'ms'), peer: 'direct', goal: 0.3, holds: p50 <= 0.3 });
  print(figure('added p99', added(proxy, 0.99), 'ms'));
  if (nginx === undefined) return;
  print(figure('added p50 of nginx', added(nginx, 0.5), 'ms'));
  print(figure('added p99 of nginx', added(nginx, 0.99), 'ms'));
}

const figure = (text: string, value: number, unit: string): Figure => ({
  bench: 'proxy',
  figure: text,
  value: Number(value.toPrecision(4)),
  unit,
  peer: null,
  must: null,
  goal: null,
  holds: null,
});

const forked = (name: string): ChildProcess => fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)));

const told = <Told>(child: ChildProcess): Promise<Told> =>
  new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('a process of the bench ended early'));
    child.once('exit', gone);
    child.once('message', (message: Told) => {
      child.removeListener('exit', gone);
      resolve(message);
    });
  });

function ask<Question extends object, Answer>(child: ChildProcess, question: Question): Promise<Answer> {
  const answer = told<Answer>(child);
  child.send(question);
  return answer;
}

/** User and system time of a process; NaN where /proc does not tell. */
function cpuMicros(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
  } catch {
    return Number.NaN;
  }
}
