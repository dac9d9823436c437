import type { Database } from 'better-sqlite3';
import { bandKey, bucketOfKey } from './band-blob.ts';
import { type DenseFigures, noDenseFigures } from './dense-figures.ts';
import { createTierReader } from './read-tier.ts';
import { MINUTE, OPEN_MINUTES, type Tier } from './tiers.ts';

export interface TierCell {
  readonly bucket: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: DenseFigures;
}

/** Cells by `cellKey`. */
export type TierCells = Map<string, TierCell>;

export const cellKey = ({ bucket, link, operation }: Pick<TierCell, 'bucket' | 'link' | 'operation'>): string =>
  `${bucket} ${link} ${operation}`;

/** All cells of some buckets of a tier, each `ratio` of its buckets summed up to one. Buckets are counted, half open. */
export function tierFigures(database: Database, tier: Tier, from: number, to: number, ratio = 1): TierCells {
  const cells: TierCells = new Map();
  const reading = { tier, from: from * ratio, to: to * ratio, sign: 1, links: null, operation: null } as const;
  createTierReader(database)({ ...reading, openSince: 0 }, inOneView, (link, operation, bucket) =>
    cellAt(cells, Math.floor(bucket / ratio), link, operation),
  );
  return cells;
}

/** What is compared is compared in one view of the database; so the buckets are few. */
const inOneView = (): void => {};

/** The figures of a cell, made when it is asked for first. */
export function cellAt(cells: TierCells, bucket: number, link: number, operation: number): DenseFigures {
  const key = cellKey({ bucket, link, operation });
  const known = cells.get(key);
  if (known !== undefined) return known.figures;
  const figures = noDenseFigures();
  cells.set(key, { bucket, link, operation, figures });
  return figures;
}

/** The first bucket not before this one that the tier has a cell of; null: there is none. */
export function bucketsFrom(database: Database, tier: Tier): (from: number) => number | null {
  const closed = database.prepare<[number], number | null>(`SELECT min(key) FROM ${tier.bands} WHERE key >= ?`).pluck();
  const open = database
    .prepare<[number], number | null>(`SELECT min(minute) FROM ${OPEN_MINUTES} WHERE minute >= ?`)
    .pluck();
  return (from) => {
    const key = closed.get(bandKey(from, 0)) ?? null;
    const minute = tier === MINUTE ? (open.get(from) ?? null) : null;
    if (key === null) return minute;
    return minute === null ? bucketOfKey(key) : Math.min(minute, bucketOfKey(key));
  };
}
