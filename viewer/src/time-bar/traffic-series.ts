import type { Traffic, Window } from '@soa-monitor/protocol';

/** The bars of the chart: beginnings in epoch seconds, and rates per second; null where nothing is known yet. */
export interface TrafficSeries {
  readonly seconds: number[];
  readonly all: (number | null)[];
  /** Faults and errors: drawn at the foot of the bar, so that a few are seen among many. */
  readonly bad: (number | null)[];
  readonly stepMicros: number;
  readonly highest: number;
}

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly perSecond: number;
  readonly count: number;
  readonly bad: number;
}

/**
 * Every bucket of a window, the empty ones too. `known` is the moment up to which the traffic is known: the bucket in which it
 * lies is counted over the part that has passed, if that is enough to tell a rate; later ones are unknown, not nothing.
 */
export function trafficSeries(traffic: Traffic, window: Window, known: number): TrafficSeries {
  const step = Math.max(1, traffic.stepMicros);
  const found = new Map(traffic.buckets.map((bucket) => [Math.floor(bucket.from / step), bucket]));
  const seconds: number[] = [];
  const all: (number | null)[] = [];
  const bad: (number | null)[] = [];
  let highest = 0;
  const first = Math.floor(window.from / step);
  const last = Math.min(Math.floor((window.to - 1) / step), first + BARS_MAX);
  for (let index = first; index <= last; index += 1) {
    const passedMicros = Math.min(step, known - index * step);
    const tells = passedMicros >= Math.min(step, LEAST_MICROS);
    const { count, faults, errors } = found.get(index) ?? NOTHING;
    const rate = (count * 1_000_000) / passedMicros;
    seconds.push((index * step) / 1_000_000);
    all.push(tells ? rate : null);
    bad.push(tells ? ((faults + errors) * 1_000_000) / passedMicros : null);
    if (tells) highest = Math.max(highest, rate);
  }
  return { seconds, all, bad, stepMicros: step, highest };
}

/** The bar under a moment, or null where there is none. */
export function barAt(series: TrafficSeries, at: number): Bar | null {
  const index =
    Math.floor(at / series.stepMicros) - Math.floor(((series.seconds[0] ?? 0) * 1_000_000) / series.stepMicros);
  const all = series.all[index];
  const bad = series.bad[index];
  const second = series.seconds[index];
  if (all == null || bad == null || second === undefined) return null;
  const from = Math.round(second * 1_000_000);
  const seconds = series.stepMicros / 1_000_000;
  return {
    from,
    to: from + series.stepMicros,
    perSecond: all,
    count: Math.round(all * seconds),
    bad: Math.round(bad * seconds),
  };
}

const NOTHING = { count: 0, faults: 0, errors: 0 };
const LEAST_MICROS = 500_000;
const BARS_MAX = 2_000;
