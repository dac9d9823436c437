import type { Case } from './cases.ts';
import type { Run } from './in-children.ts';

export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'different'; readonly diff: string }
  | { readonly kind: 'not comparable'; readonly diff: string };

/** Runs each case of the list; with the interceptor, or without. */
export type RunAll = (cases: readonly Case[], isObserved: boolean) => Promise<readonly Run[]>;

/** A case that differed is run so often again, with and without. */
const RUNS_MORE = 4;

/**
 * Runs the cases with and without, and judges them. A difference counts when the runs without agree among themselves; where
 * they do not, the platform decides, and the case is listed as not comparable. So is one whose only differing run of five was
 * the first: it is told, and not hidden.
 */
export async function judge(cases: readonly Case[], runAll: RunAll): Promise<Verdict[]> {
  const [without, withIt] = await Promise.all([runAll(cases, false), runAll(cases, true)]);
  const verdicts: Verdict[] = [];
  for (const [i, each] of cases.entries()) {
    const [one, other] = [textOf(without[i]), textOf(withIt[i])];
    if (one === other && withIt[i]?.failures === 0) verdicts.push({ kind: 'same' });
    else if (one === other)
      verdicts.push({ kind: 'different', diff: `the interceptor failed inside ${withIt[i]?.failures} times` });
    else verdicts.push(await judgeAgain(each, one, other, runAll));
  }
  return verdicts;
}

async function judgeAgain(each: Case, without: string, withIt: string, runAll: RunAll): Promise<Verdict> {
  const again = Array.from({ length: RUNS_MORE }, () => each);
  const [runsWithout, runsWith] = [await runAll(again, false), await runAll(again, true)];
  const alone = new Set([without, ...runsWithout.map(textOf)]);
  const observed = [withIt, ...runsWith.map(textOf)].filter((text) => !alone.has(text));
  const diff = diffOf(without, observed[0] ?? withIt);
  if (observed.length === 0) return { kind: 'not comparable', diff };
  if (alone.size === 1 && observed.length > 1) return { kind: 'different', diff };
  if (alone.size === 1) return { kind: 'not comparable', diff: `once in ${RUNS_MORE + 1} runs\n${diff}` };
  return { kind: 'not comparable', diff: `${alone.size} results without the interceptor\n${diff}` };
}

/** The whole of a run as text, line by line. */
export function textOf(run: Run | undefined): string {
  if (run === undefined) return 'no run';
  const { lines, wires, end } = run.transcript;
  const logs = Object.entries(lines).sort(byName);
  const sorted = Object.entries(wires).sort(byName);
  return [
    ...logs.flatMap(([who, texts]) => texts.map((text) => `${who} | ${text}`)),
    ...sorted.flatMap(([which, bytes]) => bytes.split('\r\n').map((line) => `${which} > ${line}`)),
    end,
  ].join('\n');
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

/** Lines that only one of the two has, a few of them, in their order. */
export function diffOf(without: string, withIt: string): string {
  const [a, b] = [without.split('\n'), withIt.split('\n')];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const cut = (lines: string[], sign: string): string[] =>
    lines.slice(start, Math.min(lines.length - end, start + 12)).map((line) => `  ${sign} ${line.slice(0, 300)}`);
  return [...cut(a, '-'), ...cut(b, '+')].join('\n');
}
