import type { Database } from 'better-sqlite3';
import type { Tier } from './tiers.ts';

/** How far a tier is closed: all cells up to (bucket, link), both counted. */
export interface ClosedPosition {
  bucket: number;
  link: number;
}

export const closedPosition = (database: Database, { name }: Tier): ClosedPosition =>
  database.prepare<[string], ClosedPosition>('SELECT bucket, link FROM rollup_closed WHERE tier = ?').get(name) ?? {
    bucket: 0,
    link: 0,
  };

export const isClosedAt = (position: ClosedPosition, bucket: number, link: number): boolean =>
  bucket < position.bucket || (bucket === position.bucket && link <= position.link);
