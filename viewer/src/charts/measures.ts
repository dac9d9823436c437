import type { Traffic } from '@soa-monitor/protocol';
import { formatDuration } from '../format/durations.ts';
import { formatBytes, formatNumber, formatRate, formatShare, UNKNOWN, withUnit } from '../format/numbers.ts';
import type { MeasureName } from './charts-search.ts';

export type Bucket = Traffic['buckets'][number];

/** One line of a chart: what a bucket of traffic says, over the seconds that were counted. Null: unknown, never zero. */
export interface Line {
  readonly name: string;
  /** A CSS variable. */
  readonly colour: string;
  /** Besides its colour: 1 is drawn whole, others dashed. */
  readonly dash: readonly number[];
  readonly filled: boolean;
  value(bucket: Bucket, seconds: number): number | null;
}

export interface Measure {
  readonly name: MeasureName;
  readonly title: string;
  /** For the column of a file. */
  readonly unit: string;
  readonly lines: readonly Line[];
  words(value: number | null): string;
}

const rate: Measure = {
  name: 'rate',
  title: 'Calls',
  unit: 'per second',
  lines: [
    { name: 'Calls', colour: '--bar', dash: [], filled: true, value: ({ count }, seconds) => count / seconds },
    {
      name: 'Failed',
      colour: '--bar-bad',
      dash: [],
      filled: true,
      value: ({ faults, errors }, seconds) => (faults + errors) / seconds,
    },
  ],
  words: formatRate,
};

const failed: Measure = {
  name: 'failed',
  title: 'Share that failed',
  unit: 'of 1',
  lines: [
    {
      name: 'Faults',
      colour: '--degraded',
      dash: [],
      filled: false,
      value: ({ faults, count }) => (count === 0 ? null : faults / count),
    },
    {
      name: 'Errors',
      colour: '--down',
      dash: [6, 3],
      filled: false,
      value: ({ errors, count }) => (count === 0 ? null : errors / count),
    },
  ],
  words: formatShare,
};

const bytes: Measure = {
  name: 'bytes',
  title: 'Bytes',
  unit: 'bytes per second',
  lines: [
    {
      name: 'Requests',
      colour: '--maintenance',
      dash: [],
      filled: false,
      value: ({ requestBytes }, seconds) => requestBytes / seconds,
    },
    {
      name: 'Replies',
      colour: '--up',
      dash: [6, 3],
      filled: false,
      value: ({ replyBytes }, seconds) => replyBytes / seconds,
    },
  ],
  words: (value) => (value === null ? UNKNOWN : withUnit(formatBytes(Math.round(value)), '/s')),
};

const latency: Measure = {
  name: 'latency',
  title: 'Duration',
  unit: 'µs',
  lines: [
    { name: 'p50', colour: '--up', dash: [], filled: false, value: ({ p50Micros }) => p50Micros },
    { name: 'p95', colour: '--maintenance', dash: [6, 3], filled: false, value: ({ p95Micros }) => p95Micros },
    { name: 'p99', colour: '--degraded', dash: [2, 3], filled: false, value: ({ p99Micros }) => p99Micros },
  ],
  words: formatDuration,
};

export const MEASURES: Readonly<Record<MeasureName, Measure>> = { rate, failed, bytes, latency };

/** For the scale beside a chart: as words, without what takes room. */
export const scaleWords = (measure: Measure, value: number): string =>
  value === 0 ? formatNumber(0) : measure.words(value);
