import type { Histogram } from '@soa-monitor/protocol';

/** A sparse histogram as varints: bucket distance, count, … in the order of the buckets. Counts are positive here. */
export function histogramToBlob(histogram: Histogram): Buffer {
  const bytes: number[] = [];
  let previous = 0;
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    writeVarint(bytes, bucket - previous);
    writeVarint(bytes, histogram.get(bucket) ?? 0);
    previous = bucket;
  }
  return Buffer.from(bytes);
}

export function histogramFromBlob(blob: Buffer): Histogram {
  const histogram: Histogram = new Map();
  let bucket = 0;
  let at = 0;
  const read = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = blob[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  while (at < blob.length) {
    bucket += read();
    histogram.set(bucket, read());
  }
  return histogram;
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
