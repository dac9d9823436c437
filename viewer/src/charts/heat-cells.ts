import { bucketRange, type Traffic, type Window } from '@soa-monitor/protocol';

/** A heat map of durations: columns are buckets of time, rows are bands of duration, four to an octave, the longest last. */
export interface HeatCells {
  readonly seconds: readonly number[];
  readonly stepMicros: number;
  /** Where each band begins, µs, and where the last one ends. */
  readonly edges: readonly number[];
  /** Calls by column and band; a column that is not known is null. */
  readonly counts: readonly (readonly number[] | null)[];
  readonly most: number;
}

/** Sixteen buckets of the sketch are an octave: four of them make a band, as high as a line of text at most. */
const BUCKETS_PER_BAND = 4;
const COLUMNS_MAX = 2_000;

export function heatCells(traffic: Traffic, window: Window, known: number): HeatCells {
  const step = Math.max(1, traffic.stepMicros);
  const found = new Map(
    traffic.buckets.map((bucket) => [Math.floor(bucket.from / step), bandsOf(bucket.latency ?? [])]),
  );
  const bands = [...found.values()].flatMap((column) => [...column.keys()]);
  const [low, high] = bands.length === 0 ? [0, -1] : [Math.min(...bands), Math.max(...bands)];
  const first = Math.floor(window.from / step);
  const last = Math.min(Math.floor((window.to - 1) / step), first + COLUMNS_MAX);
  const seconds: number[] = [];
  const counts: (readonly number[] | null)[] = [];
  let most = 0;
  for (let index = first; index <= last; index++) {
    seconds.push((index * step) / 1_000_000);
    const column = found.get(index);
    if (index * step >= known) counts.push(null);
    else counts.push(Array.from({ length: high - low + 1 }, (_, band) => column?.get(low + band) ?? 0));
    for (const count of column?.values() ?? []) most = Math.max(most, count);
  }
  const edges = Array.from({ length: high - low + 2 }, (_, band) => bucketRange((low + band) * BUCKETS_PER_BAND).from);
  return { seconds, stepMicros: step, edges: high < low ? [] : edges, counts, most };
}

function bandsOf(pairs: readonly number[]): ReadonlyMap<number, number> {
  const bands = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const band = Math.floor((pairs[at] ?? 0) / BUCKETS_PER_BAND);
    bands.set(band, (bands.get(band) ?? 0) + (pairs[at + 1] ?? 0));
  }
  return bands;
}
