import { quantile } from '../../statistics.ts';

/** Latencies of one engine for one question, ms. */
export interface Latencies {
  readonly median: number;
  readonly p95: number;
  readonly runs: number;
}

const RUNS_MIN = 3;
const RUNS_MAX = 21;
const BUDGET_MILLIS = 4_000;

export interface Contender {
  readonly name: string;
  /** `turn` rises: the same turn is the same question for all. */
  readonly run: (turn: number) => Promise<unknown>;
}

/** Runs the contenders in turn, A B C A B C; one that has used up its time stands aside. */
export async function interleaved(contenders: readonly Contender[]): Promise<ReadonlyMap<string, Latencies>> {
  const millis = contenders.map((): number[] => []);
  for (let turn = 0; turn < RUNS_MAX; turn++) {
    for (const [index, { run }] of contenders.entries()) {
      const mine = millis[index] ?? [];
      if (mine.length >= RUNS_MIN && mine.reduce((sum, one) => sum + one, 0) > BUDGET_MILLIS) continue;
      const startedAt = performance.now();
      await run(turn);
      mine.push(performance.now() - startedAt);
    }
  }
  return new Map(contenders.map(({ name }, index) => [name, latencies(millis[index] ?? [])]));
}

export const latencies = (millis: readonly number[]): Latencies => ({
  median: quantile(millis, 0.5),
  p95: quantile(millis, 0.95),
  runs: millis.length,
});
