/** One value of each dimension, by name. */
export type Row = { readonly [dimension: string]: string };
export type Dimensions = { readonly [name: string]: readonly string[] };

/** Of so many rows that would cover a tuple still open, the one that covers most is taken. */
const CANDIDATES = 12;

/**
 * Rows in which each possible combination of values of any `strength` dimensions occurs at least once (2: pairwise). The
 * same seed gives the same rows; another seed combines the rest differently.
 */
export function cover(
  dimensions: Dimensions,
  strength: 2 | 3,
  isPossible: (row: Row) => boolean,
  random: () => number,
): Row[] {
  const names = Object.keys(dimensions);
  const open = new Set(choose(names, strength).flatMap((group) => tuplesOf(group, dimensions)));
  const rows: Row[] = [];
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? '';
  const covered = (row: Row): string[] =>
    choose(names, strength)
      .map((group) => keyOf(group, row))
      .filter((key) => open.has(key));

  for (const tuple of open) {
    const wanted = JSON.parse(tuple) as Row;
    let best: Row | null = null;
    let bestGain: string[] = [];
    // What cannot be completed to a possible row in so many tries is taken to be impossible.
    for (let i = 0; i < CANDIDATES * 4 && (best === null || i < CANDIDATES); i++) {
      const row = Object.fromEntries(names.map((name) => [name, wanted[name] ?? pick(dimensions[name] ?? [])]));
      if (!isPossible(row)) continue;
      const gain = covered(row);
      if (gain.length > bestGain.length) [best, bestGain] = [row, gain];
    }
    open.delete(tuple);
    if (best === null) continue;
    rows.push(best);
    for (const key of bestGain) open.delete(key);
  }
  return rows;
}

const keyOf = (group: readonly string[], row: Row): string =>
  JSON.stringify(Object.fromEntries(group.map((name) => [name, row[name]])));

function tuplesOf(group: readonly string[], dimensions: Dimensions): string[] {
  let rows: Row[] = [{}];
  for (const name of group)
    rows = rows.flatMap((row) => (dimensions[name] ?? []).map((value) => ({ ...row, [name]: value })));
  return rows.map((row) => keyOf(group, row));
}

function choose(names: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return names.flatMap((name, i) => choose(names.slice(i + 1), count - 1).map((rest) => [name, ...rest]));
}
