/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The 20th percentile: a slice that the neighbours hardly disturbed. */
export const calm = (values: readonly number[]): number => quantile(values, 0.2);

/** The median over the rounds of what one and another measured in the same round. */
export const paired = (
  some: readonly number[],
  others: readonly number[],
  combine: (one: number, other: number) => number,
): number =>
  quantile(
    some.map((one, round) => combine(one, others[round] ?? Number.NaN)),
    0.5,
  );
