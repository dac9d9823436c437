import type { Counted } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { bandBlob, bandKey, bandOf, cellNumber, cellsOfBand, firstLinkOfKey } from './band-blob.ts';
import { countDense, type DenseFigures, noDenseFigures } from './dense-figures.ts';
import type { Tier } from './tiers.ts';

/** Closed buckets of one tier, written a band at a time. */
export interface BandCells {
  /** Corrects a closed bucket; written with the next flush. */
  count(bucket: number, link: number, operation: number, counted: Counted, times: 1 | -1): void;
  /** Writes a band as it closes, or as it is rebuilt. One in which nothing is left is removed. */
  put(key: number, cells: ReadonlyMap<number, DenseFigures>): void;
  flush(): void;
}

/** Bands kept as cells: what comes late comes for some minutes at a time. A full one is about 100 kB. */
const CACHE_MAX = 100;

export function createBandCells(database: Database, { bands }: Tier): BandCells {
  const select = database.prepare<[number], { cells: Buffer }>(`SELECT cells FROM ${bands} WHERE key = ?`);
  const put = database.prepare<[number, Buffer]>(`INSERT OR REPLACE INTO ${bands} VALUES (?, ?)`);
  const remove = database.prepare<[number]>(`DELETE FROM ${bands} WHERE key = ?`);
  const kept = new Map<number, Map<number, DenseFigures>>();
  const dirty = new Set<number>();

  const cellsOf = (key: number): Map<number, DenseFigures> => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const stored = select.get(key);
    const cells = stored === undefined ? new Map() : cellsOfBand(stored.cells, firstLinkOfKey(key));
    kept.set(key, cells);
    return cells;
  };
  const write = (key: number, cells: ReadonlyMap<number, DenseFigures>): void => {
    const blob = bandBlob(cells);
    if (blob.length === 0) remove.run(key);
    else put.run(key, blob);
  };

  return {
    count(bucket, link, operation, counted, times) {
      const key = bandKey(bucket, bandOf(link));
      const cells = cellsOf(key);
      const cell = cellNumber(link, operation);
      const figures = cells.get(cell) ?? noDenseFigures();
      countDense(figures, counted, times);
      if (figures.count === 0) cells.delete(cell);
      else cells.set(cell, figures);
      dirty.add(key);
    },
    put(key, cells) {
      kept.delete(key);
      dirty.delete(key);
      write(key, cells);
    },
    flush() {
      for (const key of dirty) write(key, cellsOf(key));
      dirty.clear();
      if (kept.size > CACHE_MAX) kept.clear();
    },
  };
}
