import { expect, test } from 'vitest';
import type { Case } from '../testing/harmless/cases.ts';
import { judge, type RunAll } from '../testing/harmless/compare.ts';
import type { Run } from '../testing/harmless/in-children.ts';

const each: Case = { group: 'served', row: {}, name: 'served: a case' };
const ended = (end: string, failures = 0): Run => ({ transcript: { lines: {}, wires: {}, end }, failures });

/** Runs whose ends come from two lists, in order; the last of a list goes on for ever. */
function runsOf(without: readonly string[], withIt: readonly string[]): RunAll & { readonly count: () => number } {
  const at = { without: 0, withIt: 0 };
  const next = (isObserved: boolean): Run => {
    const ends = isObserved ? withIt : without;
    const index = isObserved ? at.withIt++ : at.without++;
    return ended(ends[Math.min(index, ends.length - 1)] ?? '');
  };
  const runAll: RunAll = async (cases, isObserved) => cases.map(() => next(isObserved));
  return Object.assign(runAll, { count: () => at.without + at.withIt });
}

const kindOf = async (runAll: RunAll): Promise<string | undefined> => (await judge([each], runAll))[0]?.kind;

test('what is alike is run once, both ways', async () => {
  const runAll = runsOf(['ended'], ['ended']);
  expect(await kindOf(runAll)).toBe('same');
  expect(runAll.count()).toBe(2);
});

test('a failure counted inside the interceptor is a difference', async () => {
  expect(await kindOf(async (cases, isObserved) => cases.map(() => ended('ended', isObserved ? 1 : 0)))).toBe(
    'different',
  );
});

test('what always differs is a difference after one round', async () => {
  const runAll = runsOf(['ended'], ['reset']);
  expect(await kindOf(runAll)).toBe('different');
  expect(runAll.count()).toBe(10);
});

test('what differs now and then is a difference when it never does so without', async () => {
  expect(await kindOf(runsOf(['ended'], ['reset', 'ended', 'reset', 'ended']))).toBe('different');
});

test('what comes without too, if late, is the platform and not a difference', async () => {
  const late = [...Array<string>(14).fill('ended'), 'reset'];
  expect(await kindOf(runsOf(late, ['reset', 'ended', 'reset', 'ended']))).toBe('not comparable');
});

test('what happened once is listed as not comparable', async () => {
  const verdicts = await judge([each], runsOf(['ended'], ['reset', 'ended']));
  expect(verdicts).toEqual([{ kind: 'not comparable', diff: 'once in 5 runs\n  - ended\n  + reset' }]);
});
