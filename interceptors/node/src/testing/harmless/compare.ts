import type { Case } from './cases.ts';
import type { Run } from './in-children.ts';

export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'different'; readonly diff: string }
  | { readonly kind: 'not comparable'; readonly diff: string };

/** Runs each case of the list; with the interceptor, or without. */
export type RunAll = (cases: readonly Case[], isObserved: boolean) => Promise<readonly Run[]>;

/** A case that differed is run again in rounds: so often without, then so often with. */
const RUNS_A_ROUND = 4;
/** A case that is always alike without, and at times different with, is asked so many rounds before it counts. */
const ROUNDS_MAX = 6;

/**
 * Runs the cases with and without, and judges them. A difference counts when the runs without agree among themselves and more
 * than one with does not: at once when all with do not, else after {@link ROUNDS_MAX} rounds, since a case that the platform
 * decides now and then may agree a few times by chance. What the platform decides is listed as not comparable; so is what
 * happened once. It is told, and not hidden.
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
  const again = Array.from({ length: RUNS_A_ROUND }, () => each);
  const alone = new Set([without]);
  const observed = [withIt];
  let verdict: Verdict | null = null;
  for (let round = 0; round < ROUNDS_MAX && verdict === null; round++) {
    for (const run of await runAll(again, false)) alone.add(textOf(run));
    for (const run of await runAll(again, true)) observed.push(textOf(run));
    verdict = verdictOf(alone, observed, without);
  }
  const strange = observed.filter((text) => !alone.has(text));
  const diff = `${strange.length} times in ${observed.length} runs\n${diffOf(without, strange[0] ?? withIt)}`;
  return verdict ?? { kind: 'different', diff };
}

/** What the runs so far say; null where more of them must be asked. */
function verdictOf(alone: ReadonlySet<string>, observed: readonly string[], without: string): Verdict | null {
  const strange = observed.filter((text) => !alone.has(text));
  const diff = diffOf(without, strange[0] ?? observed[0] ?? '');
  if (strange.length === 0) return { kind: 'not comparable', diff };
  if (alone.size > 1) return { kind: 'not comparable', diff: `${alone.size} results without the interceptor\n${diff}` };
  if (strange.length === observed.length) return { kind: 'different', diff };
  if (strange.length === 1) return { kind: 'not comparable', diff: `once in ${observed.length} runs\n${diff}` };
  return null;
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
