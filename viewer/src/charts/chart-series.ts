import type { Traffic, Window } from '@soa-monitor/protocol';
import type { Bucket, Measure } from './measures.ts';

/** What one chart draws: beginnings in epoch seconds, and a column of values for each line of the measure. */
export interface ChartSeries {
  readonly seconds: readonly number[];
  readonly lines: readonly (readonly (number | null)[])[];
  readonly stepMicros: number;
  readonly highest: number;
  /** The newest bucket, if time has not passed all of it: it is counted over the part that has passed. */
  readonly partial: Window | null;
  /** Before this moment nothing is known any more: it is older than what is kept. Null: all is known. */
  readonly expiredBefore: number | null;
  /** Before this moment of the window nobody had reported anything yet. Null: somebody had. */
  readonly begun: number | null;
}

const LEAST_MICROS = 500_000;
const BUCKETS_MAX = 2_000;

/**
 * Every bucket of a window. A bucket that the answer leaves out held nothing: zero calls, and no duration. What lies after
 * `known`, before what is still kept, or before anybody reported (`since`; null: not known when), is unknown: null.
 */
export function chartSeries(
  traffic: Traffic,
  window: Window,
  known: number,
  measure: Measure,
  since: number | null = null,
): ChartSeries {
  const step = Math.max(1, traffic.stepMicros);
  const found = new Map(traffic.buckets.map((bucket) => [Math.floor(bucket.from / step), bucket]));
  const expiredBefore = expiryOf(traffic);
  const seconds: number[] = [];
  const lines = measure.lines.map((): (number | null)[] => []);
  const first = Math.floor(window.from / step);
  const last = Math.min(Math.floor((window.to - 1) / step), first + BUCKETS_MAX);
  let highest = 0;
  let partial: Window | null = null;
  for (let index = first; index <= last; index++) {
    const [from, to] = [index * step, (index + 1) * step];
    const passed = Math.min(step, known - from);
    const isReported = since === null || to > since || found.has(index);
    const isKnown =
      passed >= Math.min(step, LEAST_MICROS) && isReported && (expiredBefore === null || to > expiredBefore);
    if (isKnown && passed < step) partial = { from, to: Math.round(known) };
    seconds.push(from / 1_000_000);
    for (const [at, line] of measure.lines.entries()) {
      const value = isKnown ? line.value(found.get(index) ?? EMPTY, passed / 1_000_000) : null;
      lines[at]?.push(value);
      highest = Math.max(highest, value ?? 0);
    }
  }
  return {
    seconds,
    lines,
    stepMicros: step,
    highest,
    partial,
    expiredBefore,
    begun: since !== null && since > window.from ? since : null,
  };
}

function expiryOf({ explain }: Traffic): number | null {
  const expired = explain?.partial.find(({ reason, before }) => reason === 'expired' && before !== null);
  return expired?.before ?? null;
}

const EMPTY: Bucket = {
  from: 0,
  count: 0,
  faults: 0,
  errors: 0,
  requestBytes: 0,
  replyBytes: 0,
  p50Micros: null,
  p95Micros: null,
  p99Micros: null,
};
