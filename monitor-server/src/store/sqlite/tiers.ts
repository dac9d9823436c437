/** A tier of the rollups per link and operation, from fine to coarse. */
export type TierName = 'minute' | 'tenMinutes' | 'hour';

export interface Tier {
  readonly name: TierName;
  readonly table: string;
  /** The column that numbers its buckets. */
  readonly bucket: string;
  readonly micros: number;
  readonly minutes: number;
}

const MINUTE_MICROS = 60_000_000;

export const MINUTE: Tier = {
  name: 'minute',
  table: 'rollup_minute',
  bucket: 'minute',
  minutes: 1,
  micros: MINUTE_MICROS,
};
export const TEN_MINUTES: Tier = {
  name: 'tenMinutes',
  table: 'rollup_ten_minutes',
  bucket: 'bucket',
  minutes: 10,
  micros: 10 * MINUTE_MICROS,
};
export const HOUR: Tier = {
  name: 'hour',
  table: 'rollup_hour',
  bucket: 'bucket',
  minutes: 60,
  micros: 60 * MINUTE_MICROS,
};

/** Widths of the sums over all links, in seconds. */
export const TOTAL_SECONDS = [1, 60, 600, 3_600] as const;
