import { setTimeout as wait } from 'node:timers/promises';
import type { MonitorProcess } from './monitor-process.ts';
import type { Scene } from './scene.ts';

const APPEARS_MILLIS = 40_000;
const GOES_MILLIS = 30_000;
const SAID_MILLIS = 5_000;

/**
 * Waits until the monitor says what its trouble is, looks how it behaves in it, lets the cause go, and waits until it has
 * recovered by itself.
 */
export async function trouble(
  scene: Scene,
  monitor: MonitorProcess,
  url: string,
  named: RegExp,
  relieve: () => Promise<void>,
): Promise<readonly string[]> {
  const { load } = scene;
  const isNotReady = await until(APPEARS_MILLIS, async () => named.test((await probe(url, '/readyz')).text));
  if (!isNotReady) {
    await relieve();
    return [`/readyz never said ${named}; answers: ${JSON.stringify([...load.answers])}`];
  }
  const findings: string[] = [];
  const lacking = [...load.answers.keys()].filter((status) => ![0, 202, 429, 503].includes(status));
  if (lacking.length > 0) findings.push(`reports were answered with ${lacking}`);
  if (load.unasked() > 0) findings.push(`${load.unasked()} refusals did not say when to come again`);
  for (const path of ['/healthz', '/metrics', '/api/v1/topology?level=server', '/api/v1/exchanges']) {
    const begun = performance.now();
    const { status } = await probe(url, path);
    if (status !== 200) findings.push(`${path} was answered with ${status} meanwhile`);
    if (performance.now() - begun > SERVED_MILLIS)
      findings.push(`${path} took longer than ${SERVED_MILLIS} ms meanwhile`);
  }
  // What it says comes through a pipe, and may come later than an answer.
  if (!(await until(SAID_MILLIS, async () => named.test(monitor.said()))))
    findings.push(`the log does not say ${named}`);
  await relieve();
  if (!(await until(GOES_MILLIS, async () => (await probe(url, '/readyz')).status === 200)))
    findings.push('it did not recover when the cause had gone');
  return findings;
}

/** Other questions are answered as always; the machine may have more to do. */
const SERVED_MILLIS = 5_000;

async function probe(url: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url + path, { signal: AbortSignal.timeout(2 * SERVED_MILLIS) }).catch(() => null);
  return { status: answer?.status ?? 0, text: (await answer?.text()) ?? '' };
}

async function until(millis: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + millis;
  while (performance.now() < deadline) {
    if (await holds()) return true;
    await wait(20);
  }
  return false;
}
