import type { Database } from 'better-sqlite3';
import { bandKey, bandOf, cellNumber, firstLinkOfKey, LINKS_PER_BAND, readBand } from './band-blob.ts';
import type { BandCells } from './band-cells.ts';
import { closedPosition, isClosedAt } from './closed-position.ts';
import {
  addColumns,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
  numberAt,
} from './dense-figures.ts';
import { OPEN_MINUTES, type Tier } from './tiers.ts';

/**
 * Writes a tier when its buckets close, some bands a commit, so that no commit waits for a whole bucket: the cells of an open
 * minute are packed into bands, and bands of a finer tier are summed up in a coarser one. What was closed is kept true by
 * whoever counts: see rollups.ts. (Writing all tiers at each commit costs three times as much: a busy bucket would be written
 * some thousand times instead of once.)
 */
export interface Closing {
  /** Whether the tier holds what is counted there, and so must be told. */
  isClosed(minute: number, link: number): boolean;
  /** Goes on closing what ended before this minute; gives how many rows it read. */
  step(before: number, rowsMax: number): number;
  /** All minutes before this one are closed, for all links. */
  closedMinutes(): number;
}

/** What a tier is made of. Buckets and bands are counted. */
export interface Source {
  /** The first bucket, of this tier, not before this one, that has something to close; null: there is none. */
  firstBucket(from: number): number | null;
  /** The first link of the bucket behind this one. */
  nextLink(bucket: number, after: number): number | null;
  /** The cells of a band, and how many rows were read for them. */
  fold(bucket: number, band: number): { readonly cells: ReadonlyMap<number, DenseFigures>; readonly rows: number };
  /** The band is written: what it was made of may go. */
  closed(bucket: number, band: number): void;
}

export function createClosing(database: Database, tier: Tier, source: Source, bands: BandCells): Closing {
  const position = closedPosition(database, tier);
  const write = database.prepare<[number, number, string]>(
    'UPDATE rollup_closed SET bucket = ?, link = ? WHERE tier = ?',
  );
  return {
    isClosed: (minute, link) => isClosedAt(position, Math.floor(minute / tier.minutes), link),
    step(before, rowsMax) {
      const start = { ...position };
      let rows = 0;
      while (rows < rowsMax && (position.bucket + 1) * tier.minutes <= before) {
        if (position.link === 0) {
          // A long silence is skipped; without anything to come there is nothing to close.
          const first = source.firstBucket(position.bucket);
          if (first === null) break;
          position.bucket = Math.max(position.bucket, first);
          if ((position.bucket + 1) * tier.minutes > before) break;
        }
        const link = source.nextLink(position.bucket, position.link);
        if (link === null) {
          position.bucket++;
          position.link = 0;
        } else {
          const band = bandOf(link);
          const { cells, rows: read } = source.fold(position.bucket, band);
          bands.put(bandKey(position.bucket, band), cells);
          source.closed(position.bucket, band);
          rows += read;
          position.link = (band + 1) * LINKS_PER_BAND - 1;
        }
      }
      if (start.bucket !== position.bucket || start.link !== position.link)
        write.run(position.bucket, position.link, tier.name);
      return rows;
    },
    closedMinutes: () => position.bucket * tier.minutes,
  };
}

/** Minutes whose cells still change in each commit, a row each; they go when their band is written. */
export function openMinutes(database: Database): Source {
  const first = database
    .prepare<[number], number | null>(`SELECT min(minute) FROM ${OPEN_MINUTES} WHERE minute >= ?`)
    .pluck();
  const next = database
    .prepare<[number, number], number>(
      `SELECT link FROM ${OPEN_MINUTES} WHERE minute = ? AND link > ? ORDER BY link LIMIT 1`,
    )
    .pluck();
  const select = database
    .prepare<[number, number, number], FigureRow>(
      `SELECT link, operation, ${FIGURE_COLUMNS} FROM ${OPEN_MINUTES} WHERE minute = ? AND link >= ? AND link < ?`,
    )
    .raw();
  const remove = database.prepare<[number, number, number]>(
    `DELETE FROM ${OPEN_MINUTES} WHERE minute = ? AND link >= ? AND link < ?`,
  );
  return {
    firstBucket: (from) => first.get(from) ?? null,
    nextLink: (minute, after) => next.get(minute, after) ?? null,
    fold(minute, band) {
      const cells = new Map<number, DenseFigures>();
      const rows = select.all(minute, band * LINKS_PER_BAND, (band + 1) * LINKS_PER_BAND);
      for (const row of rows) {
        const figures = noDenseFigures();
        addColumns(figures, row, 2, 1);
        cells.set(cellNumber(numberAt(row, 0), numberAt(row, 1)), figures);
      }
      return { cells, rows: rows.length };
    },
    closed: (minute, band) => void remove.run(minute, band * LINKS_PER_BAND, (band + 1) * LINKS_PER_BAND),
  };
}

/** The closed buckets of a finer tier, which stay. */
export function bandsOf(database: Database, { bands, minutes }: Tier, coarser: Tier): Source {
  const ratio = coarser.minutes / minutes;
  const next = database
    .prepare<[number, number], number | null>(`SELECT min(key) FROM ${bands} WHERE key >= ? AND key < ?`)
    .pluck();
  const select = database.prepare<[number], Buffer>(`SELECT cells FROM ${bands} WHERE key = ?`).pluck();
  return {
    firstBucket(from) {
      const key = next.get(bandKey(from * ratio, 0), Number.MAX_SAFE_INTEGER) ?? null;
      return key === null ? null : Math.floor(key / bandKey(ratio, 0));
    },
    nextLink(bucket, after) {
      const band = bandOf(after + 1);
      let first: number | null = null;
      for (let index = bucket * ratio; index < (bucket + 1) * ratio; index++) {
        const key = next.get(bandKey(index, band), bandKey(index + 1, 0)) ?? null;
        if (key !== null && (first === null || firstLinkOfKey(key) < first)) first = firstLinkOfKey(key);
      }
      // The first link of the first band of all is 0, which is no link.
      return first === null ? null : Math.max(first, after + 1);
    },
    fold(bucket, band) {
      const cells = new Map<number, DenseFigures>();
      let rows = 0;
      for (let index = bucket * ratio; index < (bucket + 1) * ratio; index++) {
        const blob = select.get(bandKey(index, band));
        if (blob === undefined) continue;
        rows += ROWS_PER_BAND;
        readBand(blob, band * LINKS_PER_BAND, 1, (link, operation) => {
          const cell = cellNumber(link, operation);
          const known = cells.get(cell);
          if (known !== undefined) return known;
          const figures = noDenseFigures();
          cells.set(cell, figures);
          return figures;
        });
      }
      return { cells, rows };
    },
    closed() {},
  };
}

/** What a band costs to read and sum up, in rows of a cell. */
const ROWS_PER_BAND = 16;
