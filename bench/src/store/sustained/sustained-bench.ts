import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../child.ts';
import { atMost, print } from '../../figure.ts';
import { quantile } from '../../statistics.ts';
import { warmUp } from '../ingest/rounds.ts';
import type { LoadWish, Prepared, Sent } from '../load/load-wish.ts';
import { type Measured, startMonitor } from '../measured/start-measured.ts';
import { backUp, expiredRows, putOldStretch } from './disturbances.ts';

const BENCH = 'sustained';
const VIEWERS = 100;
const ROWS_PER_REPORT = 200;
const SLICE_SECONDS = 5;
/** Memory grows at first; after this share of the time it must not. */
const WARM_UP_SHARE = 0.2;
const MINUTE_SECONDS = 60;
const OLD_OBSERVATIONS = 300_000;
const OLD_DAYS = 2;
const DAY_MICROS = 86_400_000_000;

/** Some seconds of the load, and what was seen in them. */
interface Slice {
  readonly minutes: number;
  readonly rssMegabytes: number;
  readonly walMegabytes: number;
  readonly answerMillis: readonly number[];
  readonly expired: number;
  readonly isBackingUp: boolean;
  readonly observations: number;
  readonly seconds: number;
}

/**
 * Half of what the server takes at most, for minutes, while viewers watch: memory, the log's size, the wait for an answer.
 * Meanwhile the server drops an old stretch, half a minute after its start, and halfway a backup is made.
 */
export async function sustainedBench(minutes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-sustained-'));
  await putOldStretch(folder, OLD_OBSERVATIONS, Date.now() * 1_000 - OLD_DAYS * DAY_MICROS);
  const server = await startMonitor({ folder, viewersMax: VIEWERS + 10, keepDays: 1 });
  // One makes its next reports while the other sends.
  const [first, second, watching] = await Promise.all([startLoad(), startLoad(), startLoad()]);
  try {
    const rate = Math.round((await warmUp(first, { run: 'warm-up', server, rowsPerReport: ROWS_PER_REPORT })) / 2);
    await watching.ask({ kind: 'watch', url: server.url, viewers: VIEWERS } satisfies LoadWish);
    tell(await keepUp({ server, senders: [first, second], rate, minutes }), minutes);
    process.stderr.write(`${BENCH}: ${minutes} min, ${VIEWERS} viewers, ${rate}/s wanted\n`);
  } finally {
    for (const load of [first, second, watching]) await load.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Upkeep {
  readonly server: Measured;
  readonly senders: readonly [Child, Child];
  readonly rate: number;
  readonly minutes: number;
}

async function keepUp({ server, senders: [first, second], rate, minutes }: Upkeep): Promise<Slice[]> {
  const slices: Slice[] = [];
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1_000 / MINUTE_SECONDS;
  const prepare = (load: Child, run: string): Promise<Prepared> =>
    load.ask<Prepared>({
      ...{ kind: 'prepare', run, observations: rate * SLICE_SECONDS, rowsPerReport: ROWS_PER_REPORT },
      observationsPerSecond: rate,
    } satisfies LoadWish);
  const send = async (load: Child, run: string): Promise<Sent[]> => {
    const sent: Sent[] = [];
    for (const part of ['full', 'rest'] as const) {
      const wish = { kind: 'send', run, part, port: server.port, inFlight: 8, observationsPerSecond: rate } as const;
      sent.push(await load.ask<Sent>(wish satisfies LoadWish));
    }
    return sent;
  };
  let backup: Promise<void> | null = null;
  let isBackingUp = false;
  await prepare(first, 'first');
  for (let turn = 0; elapsed() < minutes; turn++) {
    const [sender, other] = turn % 2 === 0 ? [first, second] : [second, first];
    const [run, next] = turn % 2 === 0 ? ['first', 'second'] : ['second', 'first'];
    if (backup === null && elapsed() > minutes / 2) {
      isBackingUp = true;
      backup = backUp(server.folder).finally(() => {
        isBackingUp = false;
      });
    }
    const wasBackingUp = isBackingUp;
    const [sent] = await Promise.all([send(sender, run), prepare(other, next)]);
    const { rssBytes } = await server.usage();
    const walBytes = statSync(join(server.folder, 'monitor.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0;
    slices.push({
      ...{ minutes: elapsed(), rssMegabytes: rssBytes / 1e6, walMegabytes: walBytes / 1e6 },
      ...{ answerMillis: sent.flatMap((part) => part.answerMillis), isBackingUp: wasBackingUp },
      ...{ expired: await expiredRows(server.url), seconds: sent.reduce((sum, part) => sum + part.seconds, 0) },
      observations: sent.reduce((sum, part) => sum + part.observations, 0),
    });
  }
  await backup;
  return slices;
}

function tell(slices: readonly Slice[], minutes: number): void {
  const settled = slices.filter(({ minutes: at }) => at >= minutes * WARM_UP_SHARE);
  const p99 = (some: readonly Slice[]): number =>
    quantile(
      some.flatMap(({ answerMillis }) => answerMillis),
      0.99,
    );
  const sum = (of: (slice: Slice) => number): number => slices.reduce((all, slice) => all + of(slice), 0);
  const dropping = slices.filter(({ expired }, index) => expired > (slices[index - 1]?.expired ?? 0));
  const backingUp = slices.filter(({ isBackingUp }) => isBackingUp);
  const settledFrom = (minutes * WARM_UP_SHARE).toFixed(1);
  print(atMost(BENCH, `memory, slope after ${settledFrom} min`, slope(settled), 'MB/min', 1));
  print(atMost(BENCH, 'write-ahead log, most', Math.max(...slices.map((s) => s.walMegabytes)), 'MB', null));
  print(atMost(BENCH, 'answer to a report, p99', p99(slices), 'ms', 250));
  const expired = slices.at(-1)?.expired ?? 0;
  print(
    atMost(BENCH, `the same in the ${SLICE_SECONDS} s in which ${expired} rows are dropped`, p99(dropping), 'ms', 250),
  );
  print(atMost(BENCH, `the same in ${backingUp.length * SLICE_SECONDS} s of a backup`, p99(backingUp), 'ms', 250));
  print(atMost(BENCH, 'taken', sum((s) => s.observations) / sum((s) => s.seconds), 'observations/s', null));
  process.stderr.write(`${BENCH}: ${slices.map(({ rssMegabytes }) => rssMegabytes.toFixed(0)).join(' ')} MB\n`);
}

const startLoad = (): Promise<Child> => startChild(new URL('../load/load-process.js', import.meta.url), []);

/** Least squares, MB a minute. */
function slope(samples: readonly Slice[]): number {
  const mean = (of: (sample: Slice) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const [minutes, megabytes] = [mean((s) => s.minutes), mean((s) => s.rssMegabytes)];
  const covariance = mean((s) => (s.minutes - minutes) * (s.rssMegabytes - megabytes));
  return covariance / mean((s) => (s.minutes - minutes) ** 2);
}
