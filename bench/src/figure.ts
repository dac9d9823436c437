/** One measured figure, printed as one JSON line. `holds` when the must is met; null when there is none. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What it was measured against in the same run, or null. */
  readonly peer: string | null;
  readonly must: number | null;
  readonly goal: number | null;
  readonly holds: boolean | null;
}

/** A figure that must be at most `must` (the goal is the same unless given). */
export const atMost = (
  bench: string,
  figure: string,
  value: number,
  unit: string,
  must: number | null,
  goal = must,
): Figure => ({
  bench,
  figure,
  value: rounded(value),
  unit,
  peer: null,
  must,
  goal,
  holds: must === null ? null : value <= must,
});

export const print = (figure: Figure): void => {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
};

/** The nearest-rank quantile of values in any order; NaN when there are none. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

const rounded = (value: number): number => Number(value.toPrecision(4));
