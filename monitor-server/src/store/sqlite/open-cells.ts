import type { Counted } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { cellNumber } from './band-blob.ts';
import {
  addColumns,
  columnsOf,
  countDense,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
} from './dense-figures.ts';
import { OPEN_MINUTES } from './tiers.ts';

/**
 * The cells of open minutes that a commit changes, a row each. What the table holds is read once and kept, for a busy minute
 * is written at each commit.
 */
export interface OpenCells {
  count(minute: number, link: number, operation: number, counted: Counted, times: 1 | -1): void;
  /** Writes what has changed. A cell in which nothing is left is removed. */
  flush(): void;
}

const CACHE_MAX = 20_000;

interface Cell {
  readonly minute: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: DenseFigures;
}

export function createOpenCells(database: Database): OpenCells {
  const key = 'minute = ? AND link = ? AND operation = ?';
  const select = database
    .prepare<[number, number, number], FigureRow>(`SELECT ${FIGURE_COLUMNS} FROM ${OPEN_MINUTES} WHERE ${key}`)
    .raw();
  const put = database.prepare<(number | Buffer)[]>(
    `INSERT OR REPLACE INTO ${OPEN_MINUTES} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[number, number, number]>(`DELETE FROM ${OPEN_MINUTES} WHERE ${key}`);
  const byMinute = new Map<number, Map<number, Cell>>();
  const dirty = new Set<Cell>();
  let kept = 0;

  const cellOf = (minute: number, link: number, operation: number): Cell => {
    const cells = byMinute.get(minute) ?? new Map<number, Cell>();
    const number = cellNumber(link, operation);
    const known = cells.get(number);
    if (known !== undefined) return known;
    const figures = noDenseFigures();
    const stored = select.get(minute, link, operation);
    if (stored !== undefined) addColumns(figures, stored, 0, 1);
    const cell = { minute, link, operation, figures };
    cells.set(number, cell);
    byMinute.set(minute, cells);
    kept++;
    return cell;
  };

  return {
    count(minute, link, operation, counted, times) {
      const cell = cellOf(minute, link, operation);
      countDense(cell.figures, counted, times);
      dirty.add(cell);
    },
    flush() {
      for (const { minute, link, operation, figures } of dirty) {
        if (figures.count === 0) remove.run(minute, link, operation);
        else put.run(minute, link, operation, ...columnsOf(figures));
      }
      dirty.clear();
      if (kept < CACHE_MAX) return;
      byMinute.clear();
      kept = 0;
    },
  };
}
