/**
 * A log-linear latency sketch over whole microseconds: 16 buckets to the octave, so a bucket is at most 1/16 of its lower
 * bound wide, and its middle is within 1/32 (3.1 %) of any value in it. Mergeable, and counts may be taken out again: a
 * joined half moves what was counted. (The scheme is HdrHistogram's with 4 significant bits.)
 *
 * A sketch is a map from bucket index to count; empty buckets are absent.
 */
export type Histogram = Map<number, number>;

const SUB_BITS = 4;
const SUB_BUCKETS = 1 << SUB_BITS;

/** The largest bucket index: values from 2^40 µs (12.7 days) on are counted there. */
export const BUCKET_MAX = (40 - SUB_BITS) * SUB_BUCKETS + SUB_BUCKETS - 1;

export function bucketOf(micros: number): number {
  const value = micros < 0 ? 0 : Math.floor(micros);
  if (value < SUB_BUCKETS) return value;
  if (value <= 0x7fffffff) {
    const bits = 31 - Math.clz32(value) - SUB_BITS;
    return bits * SUB_BUCKETS + (value >>> bits);
  }
  const exponent = Math.floor(Math.log2(value));
  // log2 may round up just below a power of two; one step back keeps the index exact.
  const octave = 2 ** exponent > value ? exponent - 1 : exponent;
  const index = (octave - SUB_BITS + 1) * SUB_BUCKETS + Math.floor(value / 2 ** (octave - SUB_BITS)) - SUB_BUCKETS;
  return Math.min(index, BUCKET_MAX);
}

/** The value a bucket stands for: the middle of its range, in microseconds. */
export function bucketMiddle(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const octave = Math.floor(bucket / SUB_BUCKETS) - 1;
  const width = 2 ** octave;
  return (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * width + (width - 1) / 2;
}

/** Adds `count` (negative takes out) in place. A bucket that comes to zero is removed. */
export function countInto(histogram: Histogram, bucket: number, count: number): void {
  const next = (histogram.get(bucket) ?? 0) + count;
  if (next === 0) histogram.delete(bucket);
  else histogram.set(bucket, next);
}

/** Adds all of `other` to `histogram` in place. */
export function mergeInto(histogram: Histogram, other: Histogram): void {
  for (const [bucket, count] of other) countInto(histogram, bucket, count);
}

/** The nearest-rank quantile in microseconds (share in 0..1), within 3.1 % of the exact one; null when nothing was counted. */
export function quantile(histogram: Histogram, share: number): number | null {
  let total = 0;
  for (const count of histogram.values()) total += count;
  if (total <= 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    seen += histogram.get(bucket) ?? 0;
    if (seen >= rank) return bucketMiddle(bucket);
  }
  return null;
}

/** The flat wire form: bucket, count, bucket, count … in the order of the buckets. */
export function histogramToPairs(histogram: Histogram): number[] {
  const pairs: number[] = [];
  // Most cells hold one exchange: nothing to sort.
  const buckets = histogram.size === 1 ? histogram.keys() : [...histogram.keys()].sort((a, b) => a - b);
  for (const bucket of buckets) pairs.push(bucket, histogram.get(bucket) ?? 0);
  return pairs;
}

export function histogramFromPairs(pairs: readonly number[]): Histogram {
  const histogram: Histogram = new Map();
  for (let i = 0; i + 1 < pairs.length; i += 2) countInto(histogram, pairs[i] ?? 0, pairs[i + 1] ?? 0);
  return histogram;
}
