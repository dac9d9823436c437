import type { Traffic } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { barAt, trafficSeries } from './traffic-series.ts';

const SECOND = 1_000_000;
const bucket = (second: number, count: number, faults = 0, errors = 0): Traffic['buckets'][number] => ({
  from: second * SECOND,
  count,
  faults,
  errors,
  requestBytes: 0,
  replyBytes: 0,
  p50Micros: null,
  p95Micros: null,
  p99Micros: null,
});
const window = { from: 100 * SECOND, to: 120 * SECOND };
const traffic = (...buckets: Traffic['buckets']): Traffic => ({ window, stepMicros: 5 * SECOND, buckets });

describe('the bars of the traffic chart', () => {
  it('are rates, with nothing where a bucket is absent', () => {
    const series = trafficSeries(traffic(bucket(100, 50, 5, 10), bucket(110, 5)), window, window.to);
    expect(series.seconds).toEqual([100, 105, 110, 115]);
    expect(series.all).toEqual([10, 0, 1, 0]);
    expect(series.bad).toEqual([3, 0, 0, 0]);
    expect(series.highest).toBe(10);
  });
  it('count the newest bucket over the part of it that has passed', () => {
    const series = trafficSeries(traffic(bucket(110, 20)), window, 112 * SECOND);
    expect(series.all).toEqual([0, 0, 10, null]);
  });
  it('leave out what has only just begun: a rate of a few milliseconds says nothing', () => {
    const series = trafficSeries(traffic(bucket(110, 3)), window, 110 * SECOND + 1_000);
    expect(series.all).toEqual([0, 0, null, null]);
  });
  it('cover a window that does not begin with a step', () => {
    const series = trafficSeries(traffic(bucket(100, 5)), { from: 103 * SECOND, to: 107 * SECOND }, 107 * SECOND);
    expect(series.seconds).toEqual([100, 105]);
  });
  it('can be asked for the bar under a moment', () => {
    const series = trafficSeries(traffic(bucket(100, 50, 5)), window, 116 * SECOND);
    expect(barAt(series, 103 * SECOND)).toEqual({
      from: 100 * SECOND,
      to: 105 * SECOND,
      perSecond: 10,
      count: 50,
      bad: 5,
    });
    expect(barAt(series, 99 * SECOND)).toBeNull();
    expect(barAt(series, 121 * SECOND)).toBeNull();
  });
});
