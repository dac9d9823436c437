import { type Child, startChild } from '../child.ts';
import { type Figure, print } from '../figure.ts';
import { calm, paired, quantile } from '../statistics.ts';
import { interleave, type Mode, runSlice, type SliceWish, startMode, stopMode } from './slices.ts';

const BENCH = 'interceptor';

interface Suite {
  readonly kind: 'raw' | 'soap';
  readonly wish: SliceWish;
  /** With processes of their own each: how one happened to be compiled and laid out moves it by a fifth, for as long as it lives. */
  readonly sets: number;
  /** In each set. */
  readonly rounds: number;
  readonly warmUp: number;
}

/** Of one way of being watched: CPU µs a request, by set and slice. */
type Costs = readonly (readonly number[])[];

/** What the interceptor costs the service it watches, beside OpenTelemetry, in one run (docs/performance.md). */
export async function interceptorBench(): Promise<void> {
  const load = await startChild(new URL('./load-process.js', import.meta.url), []);
  try {
    await rawService(load);
    await soapService(load);
    await largerMessages(load, 8_192, 400, 1.1, 1.04);
    await largerMessages(load, 200_000, 40, 1.05, null);
    await latency(load);
    await wireBytes(load);
    await deadMonitor(load);
  } finally {
    await load.stop();
  }
}

async function rawService(load: Child): Promise<void> {
  const suite: Suite = { kind: 'raw', wish: { bytes: 546, amount: 2_000 }, sets: 5, rounds: 6, warmUp: 6_000 };
  const names = ['bare', 'ours', 'otel-http', 'watched'];
  const [bare = [], ours = [], otel = [], watched = []] = await measure(load, suite, names);
  printCosts('raw 546 B', names, [bare, ours, otel, watched]);
  print(
    ratioFigure(
      'added CPU, bare http 546 B, p20',
      added(ours, bare) / added(otel, bare),
      'OpenTelemetry http',
      0.33,
      0.2,
    ),
  );
  print(
    ratioFigure('added CPU, bare http 546 B, paired', pairedAdded(ours, otel, bare), 'OpenTelemetry http', 0.33, 0.2),
  );
  print(ratioFigure('the same, watched', added(watched, bare) / added(otel, bare), 'OpenTelemetry http', null, null));
}

async function soapService(load: Child): Promise<void> {
  const suite: Suite = { kind: 'soap', wish: { bytes: 546, amount: 1_000 }, sets: 5, rounds: 6, warmUp: 4_000 };
  const names = ['bare', 'ours', 'otel-express', 'watched'];
  const [bare = [], ours = [], otel = [], watched = []] = await measure(load, suite, names);
  printCosts('soap 546 B', names, [bare, ours, otel, watched]);
  print(ratioFigure('CPU, node-soap 546 B, p20', ratio(ours, bare), 'bare', 1.18, 1.1));
  print(
    ratioFigure(
      'CPU, node-soap 546 B, paired',
      pairedOf(ours, bare, (a, b) => a / b),
      'bare',
      1.18,
      1.1,
    ),
  );
  print(ratioFigure('the same, watched', ratio(watched, bare), 'bare', null, null));
  print(
    ratioFigure(
      'added CPU, node-soap 546 B, p20',
      added(ours, bare) / added(otel, bare),
      'OpenTelemetry http+express',
      0.22,
      0.12,
    ),
  );
  print(
    ratioFigure(
      'added CPU, node-soap 546 B, paired',
      pairedAdded(ours, otel, bare),
      'OpenTelemetry http+express',
      0.22,
      0.12,
    ),
  );
}

async function largerMessages(
  load: Child,
  bytes: number,
  amount: number,
  must: number,
  goal: number | null,
): Promise<void> {
  // Single sets say 0.92 to 1.20 of one another.
  const suite: Suite = { kind: 'soap', wish: { bytes, amount }, sets: 7, rounds: 8, warmUp: amount * 2 };
  const [bare = [], ours = []] = await measure(load, suite, ['bare', 'ours']);
  printCosts(`soap ${bytes} B`, ['bare', 'ours'], [bare, ours]);
  print(ratioFigure(`CPU, node-soap ${bytes} B, p20`, ratio(ours, bare), 'bare', must, goal));
  print(
    ratioFigure(
      `CPU, node-soap ${bytes} B, paired`,
      pairedOf(ours, bare, (a, b) => a / b),
      'bare',
      must,
      goal,
    ),
  );
}

/** Round trips at a rate that leaves the service idle half of the time; also while the monitor is gone, or takes and never answers. */
async function latency(load: Child): Promise<void> {
  const names = ['bare', 'ours', 'monitor gone', 'monitor hanging', 'otel-express'];
  const modes: Mode[] = [];
  for (const name of names) modes.push(await startMode(name, 'soap', name.startsWith('monitor') ? 'ours' : name));
  await modes[2]?.collector.stop();
  await modes[3]?.collector.ask('hang');
  const wish = { bytes: 546, amount: 800, rate: 800, isUnshipped: true };
  const slices = await interleave(modes, load, wish, 20, 4_000);
  const [bare = [], ...others] = slices.map((of) => of.map((slice) => slice.latencyMillis));
  await Promise.all(modes.map(({ service }) => service.stop()));
  await Promise.all(modes.map(({ collector }, index) => (index === 2 ? null : collector.stop())));
  const medians = [bare, ...others].map((of, index) => `${names[index]} ${quantile(of, 0.5).toFixed(3)}`);
  process.stderr.write(`latency p50 at 800/s, ms: ${medians.join(', ')}\n`);
  for (const [index, of] of others.entries()) {
    const millis = paired(of, bare, (a, b) => a - b);
    const isPeer = index === others.length - 1;
    print({
      bench: BENCH,
      figure: `added latency p50 at 800/s, paired${index === 0 ? '' : `, ${names[index + 1]}`}`,
      value: rounded(millis),
      unit: 'ms',
      peer: 'bare',
      must: isPeer ? null : 0.12,
      goal: isPeer ? null : 0.06,
      holds: isPeer ? null : millis <= 0.12,
    });
  }
}

/** Reports as they go out, of requests that each have a message id of their own. */
async function wireBytes(load: Child): Promise<void> {
  const mode = await startMode('ours', 'raw', 'ours');
  await runSlice(mode, load, { bytes: 546, amount: 2_000, uniqueIds: true });
  await mode.collector.ask('reset');
  await runSlice(mode, load, { bytes: 546, amount: 20_000, uniqueIds: true });
  const seen = await mode.collector.ask<{ reports: number; rows: number; wireBytes: number }>('seen');
  await stopMode(mode);
  // Two messages to an observation.
  const bytes = seen.wireBytes / seen.rows / 2;
  process.stderr.write(`wire: ${seen.reports} reports, ${(seen.rows / seen.reports).toFixed(0)} rows each\n`);
  print({
    bench: BENCH,
    figure: 'bytes a message on the wire',
    value: rounded(bytes),
    unit: 'B',
    peer: null,
    must: 40,
    goal: 30,
    holds: bytes <= 40,
  });
}

const QUEUE_CAP_BYTES = 8 * 1024 * 1024;

/** Memory after a garbage collection, nobody taking reports, the queue full. */
async function deadMonitor(load: Child): Promise<void> {
  const used: number[] = [];
  for (const observer of ['bare', 'ours']) {
    const mode: Mode = await startMode(observer, 'raw', observer);
    await runSlice(mode, load, { bytes: 546, amount: 2_000 });
    await mode.collector.stop();
    for (let slice = 0; slice < 4; slice++) await loadOnly(mode, load, 25_000);
    const { memoryBytes } = await mode.service.ask<{ memoryBytes: number }>('collect');
    if (observer === 'ours')
      process.stderr.write(`dead monitor: ${JSON.stringify(await mode.service.ask('counters'))}\n`);
    used.push(memoryBytes);
    await mode.service.stop();
  }
  const extra = ((used[1] ?? 0) - (used[0] ?? 0)) / 1024 / 1024;
  const cap = QUEUE_CAP_BYTES / 1024 / 1024;
  print({
    bench: BENCH,
    figure: 'memory above bare, monitor dead',
    value: rounded(extra),
    unit: 'MB',
    peer: 'bare',
    must: cap + 8,
    goal: cap + 4,
    holds: extra <= cap + 8,
  });
}

const loadOnly = (mode: Mode, load: Child, amount: number): Promise<unknown> =>
  load.ask({ url: mode.url, bytes: 546, amount, rate: null, connections: 8, uniqueIds: false });

async function measure(load: Child, suite: Suite, names: readonly string[]): Promise<Costs[]> {
  const costs: number[][][] = names.map(() => []);
  for (let set = 0; set < suite.sets; set++) {
    const modes: Mode[] = [];
    for (const name of names) {
      const isWatched = name === 'watched';
      modes.push(await startMode(name, suite.kind, isWatched ? 'ours' : name, isWatched ? 100 : 1_000));
    }
    const slices = await interleave(modes, load, suite.wish, suite.rounds, suite.warmUp);
    await Promise.all(modes.map(stopMode));
    for (const [index, of] of slices.entries()) costs[index]?.push(of.map((slice) => slice.cpuMicros));
  }
  return costs;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The 20th percentile of each set's slices; the median of the sets. */
const calmOf = (costs: Costs): number => median(costs.map(calm));

const pairedOf = (some: Costs, other: Costs, of: (a: number, b: number) => number): number =>
  paired(some.flat(), other.flat(), of);

/** Within each set, whose processes lived through the same; the median of the sets. */
const added = (some: Costs, bare: Costs): number =>
  median(some.map((slices, set) => calm(slices) - calm(bare[set] ?? [])));

const ratio = (some: Costs, bare: Costs): number =>
  median(some.map((slices, set) => calm(slices) / calm(bare[set] ?? [])));

const pairedAdded = (ours: Costs, peer: Costs, bare: Costs): number =>
  pairedOf(ours, bare, (a, b) => a - b) / pairedOf(peer, bare, (a, b) => a - b);

function printCosts(suite: string, names: readonly string[], costs: readonly Costs[]): void {
  const cells = names.map((name, index) => {
    const of = costs[index] ?? [];
    const sets = of.map((slices) => calm(slices).toFixed(1)).join(' ');
    return `${name} ${calmOf(of).toFixed(1)} (sets ${sets}; median ${median(of.flat()).toFixed(1)})`;
  });
  process.stderr.write(`${suite}, CPU µs a request: ${cells.join(', ')}\n`);
}

const ratioFigure = (
  figure: string,
  value: number,
  peer: string,
  must: number | null,
  goal: number | null,
): Figure => ({
  bench: BENCH,
  figure,
  value: rounded(value),
  unit: 'ratio',
  peer,
  must,
  goal,
  holds: must === null ? null : value <= must,
});

const rounded = (value: number): number => Number(value.toPrecision(4));
