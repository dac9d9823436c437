import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@soa-monitor/protocol';
import { describe, expect, test } from 'vitest';
import { generateCases, sample } from '../testing/harmless/cases.ts';
import { cover } from '../testing/harmless/cover.ts';
import { type Judged, judgeAll } from '../testing/harmless/differences.ts';
import { judgeMemory, judgeTrouble, troubleNames } from '../testing/harmless/endurance.ts';
import { ended, judgeProcesses } from '../testing/harmless/process-cases.ts';
import { scenarios } from '../testing/harmless/scenarios.ts';

/** A fixed share of `npm run harmless`, small enough for each run of the tests. */
const CASES_A_GROUP = 12;
const PROCESSES = 10;
const SEED = 1;
const MINUTES = 180_000;

const differing = (judged: readonly Judged[]): string[] =>
  judged.flatMap(({ name, verdict }) => (verdict.kind === 'different' ? [`${name}\n${verdict.diff}`] : []));

test('what starts as a process is built', () => {
  const child = new URL('../../dist/testing/harmless/child.js', import.meta.url);
  expect(existsSync(fileURLToPath(child))).toBe(true);
});

test('a cover has each pair that is possible, and no row that is not', () => {
  const dimensions = { a: ['1', '2', '3'], b: ['x', 'y'], c: ['p', 'q', 'r'] };
  const isPossible = (row: { readonly [name: string]: string }): boolean => !(row.a === '1' && row.b === 'x');
  const rows = cover(dimensions, 2, isPossible, seededRandom(7));
  const pairs = new Set(rows.flatMap(({ a, b, c }) => [`${a}${b}`, `${a}${c}`, `${b}${c}`]));
  expect(pairs.size).toBe(3 * 2 - 1 + 3 * 3 + 2 * 3);
  expect(rows.every(isPossible)).toBe(true);
  expect(cover(dimensions, 2, isPossible, seededRandom(7))).toEqual(rows);
});

test('there are more than a thousand cases', () => {
  expect(generateCases([...scenarios, ended], SEED).length).toBeGreaterThan(1_000);
});

describe('the same with the interceptor as without', () => {
  test.each(scenarios.map((scenario) => scenario.group))(
    'a sample of: %s',
    async (group) => {
      const cases = generateCases(
        scenarios.filter((each) => each.group === group),
        SEED,
      );
      const judged: Judged[] = [];
      await judgeAll(sample(cases, CASES_A_GROUP), (each) => judged.push(each));
      expect(judged.length).toBeGreaterThanOrEqual(CASES_A_GROUP - 1);
      expect(differing(judged)).toEqual([]);
    },
    MINUTES,
  );

  test(
    'a sample of whole processes',
    async () => {
      const judged: Judged[] = [];
      await judgeProcesses(sample(generateCases([ended], SEED), PROCESSES), (each) => judged.push(each));
      expect(judged.length).toBeGreaterThanOrEqual(PROCESSES - 1);
      expect(differing(judged)).toEqual([]);
    },
    MINUTES,
  );
});

test.each(troubleNames.filter((name) => name.includes('hangs') || name.includes('garbage')))(
  '%s, over 2,000 calls: nothing reaches the host, the queue keeps its cap, the process ends',
  async (name) => expect(differing([await judgeTrouble(name, 2_000)])).toEqual([]),
  MINUTES,
);

test(
  'over 10,000 calls the heap does not grow, and close() leaves nothing',
  async () => expect(differing([await judgeMemory(10_000)])).toEqual([]),
  MINUTES,
);
