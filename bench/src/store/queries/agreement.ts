import type { Cell } from './questions.ts';

/** Percentiles may be off by so much: the middle of a bucket of the sketch is within it. */
const PERCENTILE_ERROR_MAX = 0.032;
export const CELL_COUNT_MIN = 100;

/** Throws when counts differ at all or a percentile by more than the sketch allows. Gives the worst error of large cells. */
export function worstError(what: string, ours: readonly Cell[], exact: readonly Cell[]): number {
  const others = new Map(exact.map((cell) => [cell.key, cell]));
  if (others.size !== ours.length) throw new Error(`${what}: ${ours.length} cells, not ${others.size}`);
  let worst = 0;
  for (const cell of ours) {
    const other = others.get(cell.key);
    if (other === undefined || cell.count !== other.count || cell.faults !== other.faults || cell.bytes !== other.bytes)
      throw new Error(`${what}: ${JSON.stringify(cell)} where the rows say ${JSON.stringify(other)}`);
    for (const [index, value] of cell.percentiles.entries()) {
      const expected = other.percentiles[index] ?? 0;
      // Answers are whole microseconds.
      const error = Math.max(0, Math.abs((value ?? 0) - expected) - 1) / Math.max(1, expected);
      if (error > PERCENTILE_ERROR_MAX)
        throw new Error(`${what}: percentile ${value} where nearest rank is ${expected}, in ${JSON.stringify(cell)}`);
      if (cell.count >= CELL_COUNT_MIN) worst = Math.max(worst, error);
    }
  }
  return worst;
}
