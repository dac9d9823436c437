/** A tier of the rollups per link and operation, from fine to coarse. */
export type TierName = 'minute' | 'tenMinutes' | 'hour';

export interface Tier {
  readonly name: TierName;
  /** The table of its closed buckets, a row a band: see band-blob.ts. */
  readonly bands: string;
  readonly micros: number;
  readonly minutes: number;
}

const MINUTE_MICROS = 60_000_000;

export const MINUTE: Tier = { name: 'minute', bands: 'band_minute', minutes: 1, micros: MINUTE_MICROS };
export const TEN_MINUTES: Tier = {
  name: 'tenMinutes',
  bands: 'band_ten_minutes',
  minutes: 10,
  micros: 10 * MINUTE_MICROS,
};
export const HOUR: Tier = { name: 'hour', bands: 'band_hour', minutes: 60, micros: 60 * MINUTE_MICROS };
export const TIERS: readonly Tier[] = [MINUTE, TEN_MINUTES, HOUR];

/** Minutes that are not closed yet: a row a link and operation, which each commit may change. */
export const OPEN_MINUTES = 'rollup_minute';

/** Widths of the sums over all links, in seconds. */
export const TOTAL_SECONDS = [1, 60, 600, 3_600] as const;
