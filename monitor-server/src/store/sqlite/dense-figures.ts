import { bucketMiddle, bucketOf, type Counted, type Figures, isError } from '@soa-monitor/protocol';

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
  addBucket(figures, bucketOf(exchange.durationMicros), times);
}

/** Adds (or takes out) `times` of one bucket. */
function addBucket(figures: DenseFigures, bucket: number, times: number): void {
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
  if (typeof blob === 'object') addBlob(figures, blob, sign);
}

/** A row as it is read: numbers, and the histogram last. */
export type FigureRow = readonly (number | Buffer)[];

export const numberAt = (row: FigureRow, at: number): number => {
  const value = row[at];
  return typeof value === 'number' ? value : 0;
};

function addBlob(figures: DenseFigures, blob: Buffer, sign: 1 | -1): void {
  const { length } = blob;
  let { first, counts } = figures;
  let bucket = 0;
  let at = 0;
  while (at < length) {
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
    if (times !== 0) addBucket(figures, first + index, times);
  }
}

/** The columns to write. The histogram is valid until the next call: it lies in a shared buffer. */
export const columnsOf = (figures: DenseFigures): FigureColumns => [
  figures.count,
  figures.faults,
  figures.errors,
  figures.requestBytes,
  figures.replyBytes,
  blobOf(figures),
];

function blobOf({ first, counts }: DenseFigures): Buffer {
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

/** In the shape of the answers, as `shownFigures` gives it. */
export function shownDense(figures: DenseFigures) {
  const { count, faults, errors, requestBytes, replyBytes, counts } = figures;
  let all = 0;
  for (let index = 0; index < counts.length; index++) all += counts[index] ?? 0;
  const p50Micros = quantile(figures, all, 0.5);
  const p95Micros = quantile(figures, all, 0.95);
  const p99Micros = quantile(figures, all, 0.99);
  return { count, faults, errors, requestBytes, replyBytes, p50Micros, p95Micros, p99Micros };
}

/** Nearest rank, as `quantile` of the protocol. */
function quantile({ first, counts }: DenseFigures, all: number, share: number): number | null {
  if (all <= 0) return null;
  const rank = Math.max(1, Math.ceil(share * all));
  let seen = 0;
  for (let index = 0; index < counts.length; index++) {
    seen += counts[index] ?? 0;
    if (seen >= rank) return Math.round(bucketMiddle(first + index));
  }
  return null;
}

/** The histogram in its flat form, in the order of the buckets. */
export function pairsOf({ first, counts }: DenseFigures): number[] {
  const pairs: number[] = [];
  for (let index = 0; index < counts.length; index++) {
    const times = counts[index] ?? 0;
    if (times > 0) pairs.push(first + index, times);
  }
  return pairs;
}

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
