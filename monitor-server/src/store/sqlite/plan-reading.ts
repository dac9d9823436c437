import type { Window } from '@soa-monitor/protocol';

/** What can be read in whole buckets. `until`: from here on nothing is written yet. `since`: before it something is missing. */
export interface Readable<Name extends string> {
  readonly name: Name;
  readonly micros: number;
  readonly since: number;
  readonly until: number;
}

/** One stretch to be read from one tier, and whether it is added or taken out again. */
export interface Stretch<Name extends string> {
  readonly tier: Name;
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
}

/**
 * Of which stretches a window is the sum: each end is moved to the nearest bucket boundary of the next coarser tier, and
 * what was cut off or comes too much is added or taken out in the finer one. So at most half a bucket is read at each end:
 * sums and sketches can be subtracted. `finest` can be read at any point; `tiers` from fine to coarse. Ends stand before the
 * middle in the answer.
 */
export function planReading<Name extends string>(
  window: Window,
  finest: Name,
  tiers: readonly Readable<Name>[],
): readonly Stretch<Name>[] {
  const stretches: Stretch<Name>[] = [];
  let [name, from, to] = [finest, window.from, window.to];
  for (const { name: coarser, micros, since, until } of tiers) {
    const nearest = (at: number): number => Math.min(until, Math.max(since, Math.round(at / micros) * micros));
    const [first, last] = [nearest(from), nearest(to)];
    if (last <= first || Math.abs(from - first) + Math.abs(to - last) >= to - from) continue;
    stretches.push(...between(name, from, first), ...between(name, last, to));
    [name, from, to] = [coarser, first, last];
  }
  return [...stretches, ...between(name, from, to)];
}

/** From here to there: backwards is taken out. */
const between = <Name extends string>(tier: Name, from: number, to: number): readonly Stretch<Name>[] =>
  from === to ? [] : from < to ? [{ tier, from, to, sign: 1 }] : [{ tier, from: to, to: from, sign: -1 }];
