import type { Job } from './child.ts';
import { installPlans } from './dimensions/installs.ts';
import { scenarios } from './scenarios.ts';
import { createTrial, described, type Moment, type Transcript } from './trial.ts';

export type ChildMessage =
  | { readonly kind: 'begun'; readonly index: number }
  | { readonly kind: 'done'; readonly index: number; readonly transcript: Transcript; readonly failures: number };

/** A case that has not ended by then is compared as far as it came. */
const CASE_MILLIS_MAX = 4_000;
/** Of the cases that wait for a second, so many wait together. */
const SLOW_TOGETHER = 24;

type JobCase = Job['cases'][number];

const isSlow = (row: JobCase['row']): boolean => Object.values(row).includes('a second late');

/** Runs the cases of a job one after the other; those that only wait, at the end and side by side. */
export async function runCases(job: Job, tell: (message: ChildMessage) => Promise<void>): Promise<void> {
  for (const each of job.cases.filter(({ row }) => !isSlow(row))) {
    await tell({ kind: 'begun', index: each.index });
    await tell(await runCase(each, job));
  }
  const slow = job.cases.filter(({ row }) => isSlow(row));
  for (let at = 0; at < slow.length; at += SLOW_TOGETHER)
    await Promise.all(slow.slice(at, at + SLOW_TOGETHER).map(async (each) => tell(await runCase(each, job))));
}

async function runCase({ index, group, row }: JobCase, { monitor, isEarly }: Job): Promise<ChildMessage> {
  const scenario = scenarios.find((each) => each.group === group);
  if (scenario === undefined) throw new Error(`no such group: ${group}`);
  const plan = installPlans[row.install ?? 'early'] ?? {};
  let failures = 0;
  const at = async (moment: Moment): Promise<void> => {
    const step = plan[moment];
    if (monitor === null || isEarly || step === undefined) return;
    const { monitorSoap } = await import('../../interceptor.ts');
    const isRunning = Reflect.get(globalThis, Symbol.for('soa-monitor interceptor')) !== undefined;
    // Settings given again are warned of, once, and on purpose.
    const interceptor = isRunning ? monitorSoap() : monitorSoap({ monitor, key: 'secret', name: 'n', machine: 'm' });
    if (step === 'install') return;
    await interceptor.close();
    failures += interceptor.counters().failures;
  };
  const trial = createTrial(at);
  const onWarning = (warning: Error): void => trial.log('process', `warns ${warning.name} ${warning.message}`);
  // Of those that wait side by side nobody could say whose warning it is.
  if (!isSlow(row)) process.on('warning', onWarning);
  let limit: NodeJS.Timeout | undefined;
  const timeOut = new Promise<string>((resolve) => {
    limit = setTimeout(() => resolve('did not end'), CASE_MILLIS_MAX);
  });
  const run = scenario.run(row, trial).then(
    () => 'ended',
    (error: unknown) => `threw${described(error)}`,
  );
  const end = await Promise.race([run, timeOut]);
  clearTimeout(limit);
  process.off('warning', onWarning);
  await trial.close();
  failures += await failuresOfInterceptor(monitor !== null, isEarly);
  return { kind: 'done', index, transcript: trial.transcript(end), failures };
}

let failuresBefore = 0;

/** One that came early stays; one that came with the case goes with it. */
async function failuresOfInterceptor(isObserved: boolean, isEarly: boolean): Promise<number> {
  const running: unknown = isObserved ? Reflect.get(globalThis, Symbol.for('soa-monitor interceptor')) : undefined;
  if (running === undefined) return 0;
  const { monitorSoap } = await import('../../interceptor.ts');
  const interceptor = monitorSoap();
  if (!isEarly) await interceptor.close();
  const { failures } = interceptor.counters();
  const failuresNow = failures - failuresBefore;
  if (isEarly) failuresBefore = failures;
  return failuresNow;
}
