import { BUCKET_MAX, bucketMiddle, bucketOf, type Counted, type Figures, isError } from '@soa-monitor/protocol';

/**
 * Figures whose histogram is an array of neighbouring buckets: what many cells are added up in. (A Map of buckets costs ten
 * times as much to add to and to write.) The figures of a cell and of a window alike; counts may be taken out again.
 */
export interface DenseFigures {
  count: number;
  faults: number;
  errors: number;
  requestBytes: number;
  replyBytes: number;
  /** The bucket of counts[0]. */
  first: number;
  /** A plain array: a typed one takes a microsecond to make, which is more than most cells cost to add. */
  counts: number[];
}

/** The figures of a row of any tier, in the order of its columns, the histogram last. */
export type FigureColumns = readonly [number, number, number, number, number, Buffer];
/** In a SELECT: as FigureColumns. */
export const FIGURE_COLUMNS = 'count, faults, errors, request_bytes, reply_bytes, histogram';

/** Written out: spread into one another, the parts cost as much as a cell. */
export const noDenseFigures = (): DenseFigures => ({
  count: 0,
  faults: 0,
  errors: 0,
  requestBytes: 0,
  replyBytes: 0,
  first: 0,
  counts: NONE,
});

/** Counts one ended exchange in (1) or out (−1). */
export function countDense(figures: DenseFigures, exchange: Counted, times: 1 | -1): void {
  figures.count += times;
  if (exchange.outcome === 'fault') figures.faults += times;
  if (isError(exchange.outcome)) figures.errors += times;
  figures.requestBytes += times * exchange.requestBytes;
  figures.replyBytes += times * exchange.replyBytes;
  countBucket(figures, bucketOf(exchange.durationMicros), times);
}

/** Adds (or takes out) `times` of one bucket. */
export function countBucket(figures: DenseFigures, bucket: number, times: number): void {
  const at = bucket - figures.first;
  if (at >= 0 && at < figures.counts.length) figures.counts[at] = (figures.counts[at] ?? 0) + times;
  else {
    widen(figures, bucket);
    figures.counts[bucket - figures.first] = times;
  }
}

/** Adds (or takes out) the figures of a row, which begin at its `at`th column. (Copies of rows would cost more than the sum.) */
export function addColumns(figures: DenseFigures, row: FigureRow, at: number, sign: 1 | -1): void {
  figures.count += sign * numberAt(row, at);
  figures.faults += sign * numberAt(row, at + 1);
  figures.errors += sign * numberAt(row, at + 2);
  figures.requestBytes += sign * numberAt(row, at + 3);
  figures.replyBytes += sign * numberAt(row, at + 4);
  const blob = row[at + 5];
  if (typeof blob === 'object') addHistogram(figures, blob, 0, blob.length, sign);
}

/** A row as it is read: numbers, and the histogram last. */
export type FigureRow = readonly (number | Buffer)[];

export const numberAt = (row: FigureRow, at: number): number => {
  const value = row[at];
  return typeof value === 'number' ? value : 0;
};

/** Adds (or takes out) the histogram that lies in [from, to) of the bytes, as `histogramBytes` writes it. */
export function addHistogram(figures: DenseFigures, blob: Uint8Array, from: number, to: number, sign: 1 | -1): void {
  let { first, counts } = figures;
  let bucket = 0;
  let at = from;
  while (at < to) {
    let byte = blob[at++] ?? 0;
    let distance = byte & 0x7f;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = blob[at++] ?? 0;
      distance += (byte & 0x7f) * scale;
    }
    bucket += distance;
    byte = blob[at++] ?? 0;
    let times = byte & 0x7f;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = blob[at++] ?? 0;
      times += (byte & 0x7f) * scale;
    }
    let index = bucket - first;
    if (index < 0 || index >= counts.length) {
      widen(figures, bucket);
      ({ first, counts } = figures);
      index = bucket - first;
    }
    counts[index] = (counts[index] ?? 0) + sign * times;
  }
}

export function addDense(figures: DenseFigures, other: DenseFigures): void {
  figures.count += other.count;
  figures.faults += other.faults;
  figures.errors += other.errors;
  figures.requestBytes += other.requestBytes;
  figures.replyBytes += other.replyBytes;
  const { first, counts } = other;
  for (let index = 0; index < counts.length; index++) {
    const times = counts[index] ?? 0;
    if (times !== 0) countBucket(figures, first + index, times);
  }
}

/** The columns to write. The histogram is valid until the next call: it lies in a shared buffer. */
export const columnsOf = (figures: DenseFigures): FigureColumns => [
  figures.count,
  figures.faults,
  figures.errors,
  figures.requestBytes,
  figures.replyBytes,
  histogramBytes(figures),
];

/** Bucket distance, count, … as varints. Valid until the next call. */
export function histogramBytes({ first, counts }: DenseFigures): Buffer {
  let length = 0;
  let previous = 0;
  const write = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      written[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    written[length++] = rest;
  };
  for (let index = 0; index < counts.length; index++) {
    const times = counts[index] ?? 0;
    if (times === 0) continue;
    write(first + index - previous);
    write(times);
    previous = first + index;
  }
  return written.subarray(0, length);
}

/** Figures that many cells are added up in: with room for most durations from the start. */
export function sumOfMany(): DenseFigures {
  const figures = noDenseFigures();
  figures.first = SUM_FIRST;
  figures.counts = new Array<number>(SUM_ROOM).fill(0);
  return figures;
}

/** In the shape of the answers, as `shownFigures` gives it: nearest rank, as `quantile` of the protocol. */
export function shownDense(figures: DenseFigures) {
  const { count, faults, errors, requestBytes, replyBytes, first, counts } = figures;
  let all = 0;
  for (let index = 0; index < counts.length; index++) all += counts[index] ?? 0;
  let p50Micros: number | null = null;
  let p95Micros: number | null = null;
  let p99Micros: number | null = null;
  const [half, most, nearlyAll] = [rankOf(0.5, all), rankOf(0.95, all), rankOf(0.99, all)];
  let seen = 0;
  for (let index = 0; index < counts.length && seen < nearlyAll; index++) {
    const times = counts[index] ?? 0;
    if (times === 0) continue;
    seen += times;
    if (seen < half) continue;
    const micros = MIDDLES[first + index] ?? 0;
    p50Micros ??= micros;
    if (seen >= most) p95Micros ??= micros;
    if (seen >= nearlyAll) p99Micros = micros;
  }
  return { count, faults, errors, requestBytes, replyBytes, p50Micros, p95Micros, p99Micros };
}

/** What a bucket stands for, in whole µs: a power for each percentile costs as much as finding it. */
const MIDDLES = Array.from({ length: BUCKET_MAX + 1 }, (_, bucket) => Math.round(bucketMiddle(bucket)));

const rankOf = (share: number, all: number): number => (all <= 0 ? 0 : Math.max(1, Math.ceil(share * all)));

/** As the protocol's folds take them. */
export const figuresOfDense = (figures: DenseFigures): Figures => {
  const { count, faults, errors, requestBytes, replyBytes, first, counts } = figures;
  const histogram = new Map<number, number>();
  for (const [index, times] of counts.entries()) if (times !== 0) histogram.set(first + index, times);
  return { count, faults, errors, requestBytes, replyBytes, histogram };
};

/** More than the varints of all buckets. */
const written = Buffer.alloc(16_384);

const NONE: number[] = [];
/** Buckets made room for at once: six octaves hold most cells. */
const ROOM = 96;
/** Of which so many are below the first that came. */
const ROOM_BELOW = 16;
/** From 64 µs to 4 s. */
const SUM_FIRST = 48;
const SUM_ROOM = 256;

/** Makes room for a bucket. */
function widen(figures: DenseFigures, bucket: number): void {
  const { first, counts } = figures;
  const room = new Array<number>(ROOM).fill(0);
  if (counts.length === 0) {
    figures.first = Math.max(0, bucket - ROOM_BELOW);
    figures.counts = room;
  } else if (bucket < first) {
    const from = Math.max(0, bucket - ROOM_BELOW);
    figures.counts = new Array<number>(first - from).fill(0).concat(counts);
    figures.first = from;
  } else {
    figures.counts = counts.concat(room);
    // A value far away (a timeout) takes several steps.
    if (bucket - first >= figures.counts.length) widen(figures, bucket);
  }
}
