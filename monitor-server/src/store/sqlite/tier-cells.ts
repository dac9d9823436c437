import type { Counted } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import {
  addColumns,
  columnsOf,
  countDense,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
} from './dense-figures.ts';
import type { Tier } from './tiers.ts';

/** The cells of one tier that a commit changes. What the table holds is read once and kept, for a busy minute is written at each commit. */
export interface TierCells {
  count(bucket: number, link: number, operation: number, counted: Counted, times: 1 | -1): void;
  /** Writes what has changed. A cell in which nothing is left is removed. */
  flush(): void;
}

const CACHE_MAX = 20_000;
/** Numbers of operations are below this: OPERATIONS_MAX of dictionaries.ts. */
const OPERATIONS_SPAN = 262_144;

interface Cell {
  readonly bucket: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: DenseFigures;
}

export function createTierCells(database: Database, { table, bucket: column }: Tier): TierCells {
  const key = `${column} = ? AND link = ? AND operation = ?`;
  const select = database
    .prepare<[number, number, number], FigureRow>(`SELECT ${FIGURE_COLUMNS} FROM ${table} WHERE ${key}`)
    .raw();
  const put = database.prepare<(number | Buffer)[]>(
    `INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[number, number, number]>(`DELETE FROM ${table} WHERE ${key}`);
  const byBucket = new Map<number, Map<number, Cell>>();
  const dirty = new Set<Cell>();
  let kept = 0;

  const cellOf = (bucket: number, link: number, operation: number): Cell => {
    const cells = byBucket.get(bucket) ?? new Map<number, Cell>();
    const number = link * OPERATIONS_SPAN + operation;
    const known = cells.get(number);
    if (known !== undefined) return known;
    const figures = noDenseFigures();
    const stored = select.get(bucket, link, operation);
    if (stored !== undefined) addColumns(figures, stored, 0, 1);
    const cell = { bucket, link, operation, figures };
    cells.set(number, cell);
    byBucket.set(bucket, cells);
    kept++;
    return cell;
  };

  return {
    count(bucket, link, operation, counted, times) {
      const cell = cellOf(bucket, link, operation);
      countDense(cell.figures, counted, times);
      dirty.add(cell);
    },
    flush() {
      for (const { bucket, link, operation, figures } of dirty) {
        if (figures.count === 0) remove.run(bucket, link, operation);
        else put.run(bucket, link, operation, ...columnsOf(figures));
      }
      dirty.clear();
      if (kept < CACHE_MAX) return;
      byBucket.clear();
      kept = 0;
    },
  };
}
