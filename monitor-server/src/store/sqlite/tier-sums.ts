import { addFigures, type Figures, noFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { figuresOfRollup, MINUTE_MICROS, type RollupRow } from './rollups.ts';
import type { Tier } from './tiers.ts';

export interface TierCell {
  readonly bucket: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: Figures;
}

/** Whole buckets that begin in a stretch and stand in the tier, as the tier has them and as their minutes add up. */
export function readTier(database: Database, tier: Tier, from: number, to: number) {
  const bounds = [
    Math.ceil(from / MINUTE_MICROS / tier.minutes),
    Math.ceil(to / MINUTE_MICROS / tier.minutes),
  ] as const;
  const said = database
    .prepare<[number, number], RollupRow & { readonly bucket: number }>(
      `SELECT * FROM ${tier.table} WHERE bucket >= ? AND bucket < ?`,
    )
    .all(...bounds)
    .map((row): TierCell => ({ ...row, figures: figuresOfRollup(row) }));
  const buckets = new Set(said.map(({ bucket }) => bucket));
  const summed = new Map<string, TierCell>();
  const minutes = database.prepare<[number, number], RollupRow>(
    'SELECT * FROM rollup_minute WHERE minute >= ? AND minute < ?',
  );
  for (const bucket of buckets) {
    for (const row of minutes.iterate(bucket * tier.minutes, (bucket + 1) * tier.minutes)) {
      const { link, operation } = row;
      const key = tierKey({ bucket, link, operation });
      const cell = summed.get(key) ?? { bucket, link, operation, figures: noFigures() };
      summed.set(key, cell);
      addFigures(cell.figures, figuresOfRollup(row));
    }
  }
  return { said, summed };
}

export const tierKey = ({ bucket, link, operation }: Pick<TierCell, 'bucket' | 'link' | 'operation'>): string =>
  `${bucket} ${link} ${operation}`;
