/**
 * A set of whole numbers that mostly come in order, as sorted, disjoint, non-adjacent intervals: the rowSeqs acknowledged
 * to one reporter. Bounded: beyond `intervalsMax` the oldest gap is closed, so numbers in it count as seen from then on
 * (a gap is a refused or dropped row; one that is thousands of gaps old does not come any more).
 */
export interface IntervalSet {
  has(value: number): boolean;
  /** Whether it was new. */
  add(value: number): boolean;
  intervals(): readonly (readonly [first: number, last: number])[];
  readonly closedGaps: number;
}

export function createIntervalSet(
  initial: readonly (readonly [first: number, last: number])[] = [],
  intervalsMax = 4_096,
): IntervalSet {
  const firsts = initial.map(([first]) => first);
  const lasts = initial.map(([, last]) => last);
  let closedGaps = 0;

  /** The index of the last interval that begins at or before the value; −1 for none. */
  const before = (value: number): number => {
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  const has = (value: number): boolean => (lasts[before(value)] ?? -1) >= value;

  const add = (value: number): boolean => {
    const index = before(value);
    const last = lasts[index] ?? -2;
    if (index >= 0 && last >= value) return false;
    const touchesLeft = index >= 0 && last === value - 1;
    const touchesRight = firsts[index + 1] === value + 1;
    if (touchesLeft && touchesRight) {
      lasts.splice(index, 2, lasts[index + 1] ?? value);
      firsts.splice(index + 1, 1);
    } else if (touchesLeft) lasts[index] = value;
    else if (touchesRight) firsts[index + 1] = value;
    else {
      firsts.splice(index + 1, 0, value);
      lasts.splice(index + 1, 0, value);
      if (firsts.length > intervalsMax) {
        firsts.splice(1, 1);
        lasts.splice(0, 1);
        closedGaps++;
      }
    }
    return true;
  };

  return {
    has,
    add,
    intervals: () => firsts.map((first, index) => [first, lasts[index] ?? first] as const),
    get closedGaps() {
      return closedGaps;
    },
  };
}
