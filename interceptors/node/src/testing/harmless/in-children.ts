import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import type { Job } from './child.ts';
import { withoutOurFrames } from './comparable.ts';
import type { ChildMessage } from './run-cases.ts';
import type { Transcript } from './trial.ts';

/** What starts as a process runs from dist; from src and from dist the way there is the same. */
const CHILD = fileURLToPath(new URL('../../../dist/testing/harmless/child.js', import.meta.url));
/** Until a child that runs cases has said nothing for so long, it is waited for. */
const SILENCE_MILLIS_MAX = 30_000;

export interface Run {
  readonly transcript: Transcript;
  readonly failures: number;
}

/** Runs the cases in a child process; where one ends the process, that is its result, and another child goes on. */
export async function runInChildren(
  cases: readonly Case[],
  { monitor, isEarly }: { monitor: string | null; isEarly: boolean },
): Promise<Run[]> {
  const runs: (Run | undefined)[] = cases.map(() => undefined);
  for (;;) {
    const open = cases.flatMap(({ group, row }, index) => (runs[index] === undefined ? [{ index, group, row }] : []));
    if (open.length === 0) return runs.filter((run) => run !== undefined);
    await runInChild({ monitor, isEarly, cases: open }, (index, run) => {
      runs[index] = run;
    });
  }
}

function runInChild(job: Job, done: (index: number, run: Run) => void): Promise<void> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(CHILD, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--stack-trace-limit=50'],
      env: { PATH: process.env.PATH ?? '', NO_PROXY: '*' },
    });
    const open = new Set(job.cases.map(({ index }) => index));
    let current: number | null = null;
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const patience = setTimeout(() => child.kill('SIGKILL'), SILENCE_MILLIS_MAX);
    child.on('message', (message: ChildMessage) => {
      patience.refresh();
      if (message.kind === 'begun') {
        current = message.index;
        output = '';
        return;
      }
      const { index, transcript, failures } = message;
      current = null;
      open.delete(index);
      done(index, { transcript, failures });
    });
    child.on('close', (code, signal) => {
      clearTimeout(patience);
      const ended = current ?? (open.size > 0 ? Math.min(...open) : null);
      if (ended !== null)
        done(ended, {
          transcript: { lines: { output: [saidOf(output)] }, wires: {}, end: `the process ended: ${code} ${signal}` },
          failures: 0,
        });
      resolve();
    });
    child.send(job);
  });
}

/** What a process says of its own end, without numbers that no two processes share. */
const saidOf = (output: string): string =>
  withoutOurFrames(output)
    .replaceAll(/:\d{4,5}\b/g, ':PORT')
    .replaceAll(/\(node:\d+\)/g, '(node:PID)');
