import type { Database } from 'better-sqlite3';
import {
  addColumns,
  columnsOf,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
  numberAt,
} from './dense-figures.ts';
import { HOUR, MINUTE, TEN_MINUTES, type Tier } from './tiers.ts';

/**
 * Writes a coarser tier when its buckets close, some links a commit, so that no commit waits for a whole bucket. What was
 * closed is kept true by whoever counts: see rollups.ts. (Writing all tiers at each commit costs three times as much: a busy
 * bucket would be written some thousand times instead of once.)
 */
export interface Closing {
  /** Whether the tier holds what is counted there, and so must be told. */
  isClosed(minute: number, link: number): boolean;
  /** Goes on closing what ended before this minute; gives how many rows it read. */
  step(before: number, rowsMax: number): number;
  /** All minutes before this one are closed, for all links. */
  closedMinutes(): number;
}

/** All cells below (bucket, link), both counted, are closed. */
interface Position {
  bucket: number;
  link: number;
}

/** Links folded at once: 32 links of 4 operations are 1,280 rows of the minute tier. */
const LINKS_PER_STEP = 32;

export const closeTenMinutes = (database: Database): Closing => createClosing(database, MINUTE, TEN_MINUTES);
export const closeHours = (database: Database): Closing => createClosing(database, TEN_MINUTES, HOUR);

function createClosing(database: Database, source: Tier, target: Tier): Closing {
  const ratio = target.minutes / source.minutes;
  const found = database
    .prepare<[string], Position>('SELECT bucket, link FROM rollup_closed WHERE tier = ?')
    .get(target.name);
  const position: Position = found === undefined ? { bucket: 0, link: 0 } : { ...found };
  const write = database.prepare<[number, number, string]>(
    'UPDATE rollup_closed SET bucket = ?, link = ? WHERE tier = ?',
  );
  const firstBucket = database.prepare<[number], { first: number | null }>(
    `SELECT min(${source.bucket}) AS first FROM ${source.table} WHERE ${source.bucket} >= ?`,
  );
  const nextLink = database.prepare<[number, number], { link: number }>(
    `SELECT link FROM ${source.table} WHERE ${source.bucket} = ? AND link > ? ORDER BY link LIMIT 1`,
  );
  const cells = database
    .prepare<[number, number, number], FigureRow>(
      `SELECT link, operation, ${FIGURE_COLUMNS} FROM ${source.table}
       WHERE ${source.bucket} = ? AND link >= ? AND link < ?`,
    )
    .raw();
  const put = database.prepare<(number | Buffer)[]>(
    `INSERT OR REPLACE INTO ${target.table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );

  const firstLinkLeft = (): number | null => {
    let first: number | null = null;
    for (let index = 0; index < ratio; index++) {
      const link = nextLink.get(position.bucket * ratio + index, position.link)?.link;
      if (link !== undefined && (first === null || link < first)) first = link;
    }
    return first;
  };
  const fold = (from: number, to: number): number => {
    const sums = new Map<string, { link: number; operation: number; figures: DenseFigures }>();
    let rows = 0;
    for (let index = 0; index < ratio; index++) {
      for (const row of cells.all(position.bucket * ratio + index, from, to)) {
        const [link, operation] = [numberAt(row, 0), numberAt(row, 1)];
        const key = `${link} ${operation}`;
        const sum = sums.get(key) ?? { link, operation, figures: noDenseFigures() };
        sums.set(key, sum);
        addColumns(sum.figures, row, 2, 1);
        rows++;
      }
    }
    for (const { link, operation, figures } of sums.values())
      put.run(position.bucket, link, operation, ...columnsOf(figures));
    return rows;
  };

  return {
    isClosed(minute, link) {
      const bucket = Math.floor(minute / target.minutes);
      return bucket < position.bucket || (bucket === position.bucket && link <= position.link);
    },
    step(before, rowsMax) {
      const start = { ...position };
      let rows = 0;
      while (rows < rowsMax && (position.bucket + 1) * target.minutes <= before) {
        if (position.link === 0) {
          // A long silence is skipped; without anything to come there is nothing to close.
          const first = firstBucket.get(position.bucket * ratio)?.first ?? null;
          if (first === null) break;
          position.bucket = Math.max(position.bucket, Math.floor(first / ratio));
          if ((position.bucket + 1) * target.minutes > before) break;
        }
        const link = firstLinkLeft();
        if (link === null) {
          position.bucket++;
          position.link = 0;
        } else {
          rows += fold(link, link + LINKS_PER_STEP);
          position.link = link + LINKS_PER_STEP - 1;
        }
      }
      if (start.bucket !== position.bucket || start.link !== position.link)
        write.run(position.bucket, position.link, target.name);
      return rows;
    },
    closedMinutes: () => position.bucket * target.minutes,
  };
}
