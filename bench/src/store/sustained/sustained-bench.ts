import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '../../child.ts';
import { type Figure, print } from '../../figure.ts';
import { quantile } from '../../statistics.ts';
import { warmUp } from '../ingest/rounds.ts';
import type { LoadWish, Prepared, Sent } from '../load/load-wish.ts';
import { startMonitor } from '../measured/start-measured.ts';

const BENCH = 'sustained';
const VIEWERS = 100;
const ROWS_PER_REPORT = 200;
const SLICE_SECONDS = 5;
/** Memory grows at first; after this share of the time it must not. */
const WARM_UP_SHARE = 0.2;
const MINUTE_SECONDS = 60;

interface Sample {
  readonly minutes: number;
  readonly rssMegabytes: number;
  readonly walMegabytes: number;
}

/** Half of what the server takes at most, for minutes, while viewers watch: memory, the log's size, the wait for an answer. */
export async function sustainedBench(minutes: number): Promise<void> {
  const server = await startMonitor({ viewersMax: VIEWERS + 10 });
  // One makes its next reports while the other sends.
  const [first, second, watching] = await Promise.all([startLoad(), startLoad(), startLoad()]);
  try {
    const rate = Math.round((await warmUp(first, { run: 'warm-up', server, rowsPerReport: ROWS_PER_REPORT })) / 2);
    await watching.ask({ kind: 'watch', url: server.url, viewers: VIEWERS } satisfies LoadWish);
    const answerMillis: number[] = [];
    const samples: Sample[] = [];
    const startedAt = performance.now();
    const elapsed = (): number => (performance.now() - startedAt) / 1_000 / MINUTE_SECONDS;
    let [observations, sending] = [0, 0];
    const prepare = (load: Child, run: string): Promise<Prepared> =>
      load.ask<Prepared>({
        ...{ kind: 'prepare', run, observations: rate * SLICE_SECONDS, rowsPerReport: ROWS_PER_REPORT },
        observationsPerSecond: rate,
      } satisfies LoadWish);
    const send = async (load: Child, run: string): Promise<void> => {
      for (const part of ['full', 'rest'] as const) {
        const wish = { kind: 'send', run, part, port: server.port, inFlight: 8, observationsPerSecond: rate } as const;
        const sent = await load.ask<Sent>(wish satisfies LoadWish);
        observations += sent.observations;
        sending += sent.seconds;
        for (const millis of sent.answerMillis) answerMillis.push(millis);
      }
    };
    await prepare(first, 'first');
    for (let turn = 0; elapsed() < minutes; turn++) {
      const [sender, other] = turn % 2 === 0 ? [first, second] : [second, first];
      const [run, next] = turn % 2 === 0 ? ['first', 'second'] : ['second', 'first'];
      await Promise.all([send(sender, run), prepare(other, next)]);
      const { rssBytes } = await server.usage();
      const walBytes = statSync(join(server.folder, 'monitor.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0;
      samples.push({ minutes: elapsed(), rssMegabytes: rssBytes / 1e6, walMegabytes: walBytes / 1e6 });
    }
    const settled = samples.filter(({ minutes: at }) => at >= minutes * WARM_UP_SHARE);
    print(atMost(`memory, slope after ${(minutes * WARM_UP_SHARE).toFixed(1)} min`, slope(settled), 'MB/min', 1));
    print(atMost('write-ahead log, most', Math.max(...samples.map((sample) => sample.walMegabytes)), 'MB', null));
    print(atMost('answer to a report, p99', quantile(answerMillis, 0.99), 'ms', 250));
    print(atMost('taken', observations / sending, 'observations/s', null));
    process.stderr.write(
      `${BENCH}: ${minutes} min, ${VIEWERS} viewers, ${rate}/s wanted, ${samples.map(({ rssMegabytes }) => rssMegabytes.toFixed(0)).join(' ')} MB\n`,
    );
  } finally {
    for (const load of [first, second, watching]) await load.stop();
    await server.stop();
  }
}

const startLoad = (): Promise<Child> => startChild(new URL('../load/load-process.js', import.meta.url), []);

/** Least squares, MB a minute. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const [minutes, megabytes] = [mean((s) => s.minutes), mean((s) => s.rssMegabytes)];
  const covariance = mean((s) => (s.minutes - minutes) * (s.rssMegabytes - megabytes));
  return covariance / mean((s) => (s.minutes - minutes) ** 2);
}

const atMost = (figure: string, value: number, unit: string, must: number | null): Figure => ({
  ...{ bench: BENCH, figure, value: Number(value.toPrecision(4)), unit, peer: null, must, goal: must },
  holds: must === null ? null : value <= must,
});
