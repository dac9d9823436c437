import { type Child, startChild } from '../child.ts';
import { type Figure, print } from '../figure.ts';
import { calm, paired, quantile } from '../statistics.ts';
import { interleave, type Mode, runSlice, type Slice, type SliceWish, startMode, stopMode } from './slices.ts';

const BENCH = 'interceptor';

interface Suite {
  readonly kind: 'raw' | 'soap';
  readonly wish: SliceWish;
  readonly rounds: number;
  readonly warmUp: number;
}

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
  const suite: Suite = { kind: 'raw', wish: { bytes: 546, amount: 2_000 }, rounds: 24, warmUp: 6_000 };
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
  const suite: Suite = { kind: 'soap', wish: { bytes: 546, amount: 1_000 }, rounds: 24, warmUp: 4_000 };
  const names = ['bare', 'ours', 'otel-express', 'watched'];
  const [bare = [], ours = [], otel = [], watched = []] = await measure(load, suite, names);
  printCosts('soap 546 B', names, [bare, ours, otel, watched]);
  print(ratioFigure('CPU, node-soap 546 B, p20', calm(ours) / calm(bare), 'bare', 1.18, 1.1));
  print(
    ratioFigure(
      'CPU, node-soap 546 B, paired',
      paired(ours, bare, (a, b) => a / b),
      'bare',
      1.18,
      1.1,
    ),
  );
  print(ratioFigure('the same, watched', calm(watched) / calm(bare), 'bare', null, null));
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
  const suite: Suite = { kind: 'soap', wish: { bytes, amount }, rounds: 20, warmUp: amount * 2 };
  const [bare = [], ours = []] = await measure(load, suite, ['bare', 'ours']);
  printCosts(`soap ${bytes} B`, ['bare', 'ours'], [bare, ours]);
  print(ratioFigure(`CPU, node-soap ${bytes} B, p20`, calm(ours) / calm(bare), 'bare', must, goal));
  print(
    ratioFigure(
      `CPU, node-soap ${bytes} B, paired`,
      paired(ours, bare, (a, b) => a / b),
      'bare',
      must,
      goal,
    ),
  );
}

/** Round trips at a rate that leaves the service idle half of the time. */
async function latency(load: Child): Promise<void> {
  const names = ['bare', 'ours', 'otel-express'];
  const modes = await Promise.all(names.map((name) => startMode(name, 'soap', name)));
  const slices = await interleave(modes, load, { bytes: 546, amount: 800, rate: 800 }, 20, 4_000);
  const [bare = [], ours = [], otel = []] = slices.map((of) => of.map((slice) => slice.latencyMillis));
  await Promise.all(modes.map(stopMode));
  process.stderr.write(
    `latency p50 at 800/s, ms: ${[bare, ours, otel].map((values, index) => `${names[index]} ${quantile(values, 0.5).toFixed(3)}`).join(', ')}\n`,
  );
  const millis = paired(ours, bare, (a, b) => a - b);
  print({
    bench: BENCH,
    figure: 'added latency p50 at 800/s, paired',
    value: rounded(millis),
    unit: 'ms',
    peer: 'bare',
    must: 0.12,
    goal: 0.06,
    holds: millis <= 0.12,
  });
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

async function measure(load: Child, suite: Suite, names: readonly string[]): Promise<number[][]> {
  const modes: Mode[] = [];
  for (const name of names)
    modes.push(await startMode(name, suite.kind, name === 'watched' ? 'ours' : name, name === 'watched' ? 100 : 1_000));
  const slices = await interleave(modes, load, suite.wish, suite.rounds, suite.warmUp);
  await Promise.all(modes.map(stopMode));
  return slices.map((of: readonly Slice[]) => of.map((slice) => slice.cpuMicros));
}

const added = (some: readonly number[], bare: readonly number[]): number => calm(some) - calm(bare);

const pairedAdded = (ours: readonly number[], peer: readonly number[], bare: readonly number[]): number =>
  paired(ours, bare, (a, b) => a - b) / paired(peer, bare, (a, b) => a - b);

function printCosts(suite: string, names: readonly string[], costs: readonly number[][]): void {
  const cells = names.map((name, index) => {
    const values = costs[index] ?? [];
    return `${name} ${calm(values).toFixed(1)} (median ${quantile(values, 0.5).toFixed(1)})`;
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
