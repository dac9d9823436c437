import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../child.ts';
import { type Figure, print } from '../../figure.ts';
import { quantile } from '../../statistics.ts';
import { startMonitor, startPeer } from '../measured/start-measured.ts';
import { type Round, runRounds, type Subject, warmUp } from './rounds.ts';
import { missingAtMonitor, missingAtPeer } from './stored-counts.ts';

const BENCH = 'ingest';
const ROUNDS = 4;

/** What taking reports costs, beside writing the bare rows and beside the ordinary way, in one run (docs/performance.md). */
export async function ingestBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-reference-'));
  const load = await startChild(new URL('../load/load-process.js', import.meta.url), []);
  const reference = await startChild(new URL('../reference/reference-process.js', import.meta.url), [folder]);
  try {
    await suite(load, reference, 1_000, { must: 0.4, goal: 0.55 });
    await suite(load, reference, 200, { must: 0.33, goal: 0.45 });
  } finally {
    await load.stop();
    await reference.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function suite(
  load: Child,
  reference: Child,
  rowsPerReport: number,
  bound: { readonly must: number; readonly goal: number },
): Promise<void> {
  const ours: Subject = { run: `monitor-${rowsPerReport}`, server: await startMonitor(), rowsPerReport };
  const ordinary: Subject = {
    ...{ run: `ordinary-${rowsPerReport}`, rowsPerReport },
    server: await startPeer(new URL('../ordinary/ordinary-process.js', import.meta.url)),
  };
  try {
    const startedAt = Date.now() * 1_000;
    for (const { server } of [ours, ordinary]) await load.ask({ kind: 'watch', url: server.url, viewers: 1 });
    const rates = [await warmUp(load, ours), await warmUp(load, ordinary)];
    const rounds = await runRounds(load, reference, [ours, ordinary], rates, ROUNDS);
    tell(`reports of ${rowsPerReport} rows`, rounds, bound);
    const lost = await missingAtMonitor(load, ours, startedAt);
    const lostByPeer = await missingAtPeer(load, ordinary);
    const named = `rows lost or stored twice, reports of ${rowsPerReport}`;
    print(figure(named, Math.abs(lost.observations) + Math.abs(lost.exchanges), 'rows and exchanges', 0, 0, 'least'));
    process.stderr.write(`${BENCH}: ${named}: ${JSON.stringify({ ours: lost, ordinary: lostByPeer })}\n`);
  } finally {
    await load.ask({ kind: 'unwatch' });
    await ours.server.stop();
    await ordinary.server.stop();
  }
}

function tell(
  what: string,
  rounds: readonly Round[],
  { must, goal }: { readonly must: number; readonly goal: number },
): void {
  const middle = (value: (round: Round) => number): number => quantile(rounds.map(value), 0.5);
  const oursRate = middle(({ ours }) => ours.rate);
  print(figure(`observations/s, ${what}`, oursRate, 'observations/s', null, null, 'most'));
  print(
    figure(
      `CPU, ${what}`,
      middle(({ ours }) => ours.cpuMicros),
      'µs/observation',
      null,
      null,
      'least',
    ),
  );
  const bare = 'bare prepared inserts of the same rows';
  const plain = 'express.json + zod on the main thread';
  const wall = middle(({ ours, reference }) => ours.rate / reference.rate);
  const cpu = middle(({ ours, reference }) => reference.cpuMicros / ours.cpuMicros);
  print({ ...figure(`wall against the reference, ${what}`, wall, 'ratio', must, goal, 'most'), peer: bare });
  print({ ...figure(`CPU against the reference, ${what}`, cpu, 'ratio', null, null, 'most'), peer: bare });
  const faster = middle(({ ours, ordinary }) => ours.rate / ordinary.rate);
  const cheaper = middle(({ ours, ordinary }) => ordinary.cpuMicros / ours.cpuMicros);
  print({ ...figure(`against the ordinary way, ${what}`, faster, 'ratio', 1.5, 2, 'most'), peer: plain });
  print({ ...figure(`CPU of the ordinary way, ${what}`, cheaper, 'ratio', null, null, 'most'), peer: plain });
  const delay = middle(({ ours }) => ours.loopDelayMillis);
  print(figure(`main loop delay p99 above idle, ${what}`, delay, 'ms', 10, 5, 'least'));
  print(
    figure(
      `answer to a report p99, ${what}`,
      middle(({ ours }) => ours.answerP99Millis),
      'ms',
      null,
      null,
      'least',
    ),
  );
  print(
    figure(
      `bytes on the wire, ${what}`,
      middle(({ ours }) => ours.wireBytes),
      'B/observation',
      null,
      null,
      'least',
    ),
  );
  for (const { ours, ordinary, reference } of rounds)
    process.stderr.write(
      `ingest, ${what}: ours ${text(ours)}; ordinary ${text(ordinary)}; reference ${text(reference)}; load ${ours.loadCpuMicros.toFixed(2)} µs, ${ours.busy} busy\n`,
    );
}

const text = ({ rate, cpuMicros }: { readonly rate: number; readonly cpuMicros: number }): string =>
  `${Math.round(rate)}/s ${cpuMicros.toFixed(2)} µs`;

function figure(
  name: string,
  value: number,
  unit: string,
  must: number | null,
  goal: number | null,
  good: 'least' | 'most',
): Figure {
  const holds = must === null ? null : good === 'least' ? value <= must : value >= must;
  return { bench: BENCH, figure: name, value: Number(value.toPrecision(4)), unit, peer: null, must, goal, holds };
}
