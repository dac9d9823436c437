import { startFakeMonitor } from '../fake-monitor.ts';
import type { Case } from './cases.ts';
import { judge, type Verdict } from './compare.ts';
import { type Run, runInChildren } from './in-children.ts';

/** So many cases share a child process; a second one runs them without the interceptor at the same time. */
const CASES_A_CHILD = 120;

export interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
}

/** Judges all cases that run in children which they share. The monitor is alive, in this process. */
export async function judgeAll(cases: readonly Case[], onJudged: (judged: Judged) => void): Promise<void> {
  const monitor = await startFakeMonitor(50);
  const runAll = async (some: readonly Case[], isObserved: boolean): Promise<readonly Run[]> => {
    if (!isObserved) return runInChildren(some, { monitor: null, isEarly: false });
    const runs: (Run | undefined)[] = some.map(() => undefined);
    for (const isEarly of [true, false]) {
      const indexes = [...some.keys()].filter((i) => (some[i]?.row.install === 'early') === isEarly);
      const found = await runInChildren(
        indexes.flatMap((i) => some[i] ?? []),
        { monitor: monitor.url, isEarly },
      );
      for (const [n, i] of indexes.entries()) runs[i] = found[n];
    }
    return runs.filter((run) => run !== undefined);
  };
  try {
    for (let at = 0; at < cases.length; at += CASES_A_CHILD) {
      const some = cases.slice(at, at + CASES_A_CHILD);
      const verdicts = await judge(some, runAll);
      for (const [i, verdict] of verdicts.entries()) onJudged({ name: some[i]?.name ?? '', verdict });
    }
    if (monitor.wrongs.length > 0)
      onJudged({
        name: 'reports: every one keeps the contract',
        verdict: { kind: 'different', diff: monitor.wrongs.slice(0, 5).join('\n') },
      });
  } finally {
    await monitor.close();
  }
}
