import { setTimeout as after } from 'node:timers/promises';
import type { Child } from '../../child.ts';
import { quantile } from '../../statistics.ts';
import type { LoadWish, Prepared, Sent } from '../load/load-wish.ts';
import type { Measured } from '../measured/start-measured.ts';
import type { ReferenceSlice } from '../reference/reference-process.ts';

export interface Subject {
  readonly run: string;
  readonly server: Measured;
  readonly rowsPerReport: number;
}

/** One slice: per observation, and of all the server's threads. */
export interface Slice {
  readonly rate: number;
  readonly cpuMicros: number;
  readonly loopDelayMillis: number;
  readonly answerP99Millis: number;
  readonly wireBytes: number;
  readonly loadCpuMicros: number;
  readonly busy: number;
}

export interface Round {
  readonly ours: Slice;
  readonly ordinary: Slice;
  /** The mean of the loops run before and after `ours`. */
  readonly reference: { readonly rate: number; readonly cpuMicros: number };
}

const IN_FLIGHT = 8;
const SLICE_SECONDS = 1.5;
/** Of each process on average, in reports: enough that most rows travel in full ones. */
const SLICE_REPORTS_PER_SERVICE = 1.5;
const SERVICES = 40;
const SLICE_OBSERVATIONS_MAX = 400_000;
const WARM_UPS = 2;
const IDLE_MILLIS = 500;

/** Until hot code is compiled. Gives the rate that it came to. */
export async function warmUp(load: Child, subject: Subject): Promise<number> {
  let rate = 20_000;
  for (let slice = 0; slice < WARM_UPS; slice++) rate = (await runSlice(load, subject, rate)).rate;
  return rate;
}

/** Reference, ours, reference, ordinary, round after round. */
export async function runRounds(
  load: Child,
  reference: Child,
  [ours, ordinary]: readonly [Subject, Subject],
  rates: readonly number[],
  rounds: number,
): Promise<Round[]> {
  let [oursRate = 0, ordinaryRate = 0] = rates;
  await reference.ask<ReferenceSlice>('run');
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await reference.ask<ReferenceSlice>('run');
    const oursSlice = await runSlice(load, ours, oursRate);
    const behind = await reference.ask<ReferenceSlice>('run');
    const ordinarySlice = await runSlice(load, ordinary, ordinaryRate);
    [oursRate, ordinaryRate] = [oursSlice.rate, ordinarySlice.rate];
    const rows = before.rows + behind.rows;
    done.push({
      ours: oursSlice,
      ordinary: ordinarySlice,
      reference: {
        rate: rows / (before.seconds + behind.seconds),
        cpuMicros: (before.cpuMicros + behind.cpuMicros) / rows,
      },
    });
  }
  return done;
}

/**
 * Full reports are timed. What is left over goes out in smaller ones, untimed, and is in the CPU; so is what the server
 * does after its last answer (settling, coarser rollups).
 */
async function runSlice(load: Child, subject: Subject, rate: number): Promise<Slice> {
  const { run, server, rowsPerReport } = subject;
  const least = SLICE_REPORTS_PER_SERVICE * SERVICES * rowsPerReport;
  const observations = Math.min(SLICE_OBSERVATIONS_MAX, Math.max(least, Math.round(rate * SLICE_SECONDS)));
  const prepare: LoadWish = { kind: 'prepare', run, observations, rowsPerReport, observationsPerSecond: rate };
  const prepared = await load.ask<Prepared>(prepare);
  await server.reset();
  await after(IDLE_MILLIS);
  const idle = await server.reset();
  const send = { kind: 'send', run, port: server.port, inFlight: IN_FLIGHT, observationsPerSecond: null } as const;
  const sent = await load.ask<Sent>({ ...send, part: 'full' } satisfies LoadWish);
  const busy = await server.usage();
  const rest = await load.ask<Sent>({ ...send, part: 'rest' } satisfies LoadWish);
  await after(IDLE_MILLIS);
  const settled = await server.usage();
  const acknowledged = sent.acknowledged + rest.acknowledged;
  if (acknowledged !== prepared.observations || sent.refused + rest.refused > 0)
    throw new Error(`${run}: ${acknowledged} of ${prepared.observations} acknowledged`);
  return {
    rate: sent.observations / sent.seconds,
    cpuMicros: (settled.cpuMicros - idle.cpuMicros) / prepared.observations,
    loopDelayMillis: busy.loopDelayP99Millis - idle.loopDelayP99Millis,
    answerP99Millis: quantile(sent.answerMillis, 0.99),
    wireBytes: prepared.wireBytes / prepared.inFull,
    loadCpuMicros: sent.cpuMicros / sent.observations,
    busy: sent.busy,
  };
}
