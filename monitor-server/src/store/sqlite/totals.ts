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
import { TOTAL_SECONDS } from './tiers.ts';

/** The sum over all links per second, minute, ten minutes and hour: few rows, so all of them change in the commit. */
export interface Totals {
  count(start: number, counted: Counted, times: 1 | -1): void;
  flush(): void;
}

const CACHE_MAX = 2_000;
const HOUR_MICROS = 3_600_000_000;

export function createTotals(database: Database): Totals {
  const since =
    database.prepare<[], { bucket: number }>("SELECT bucket FROM rollup_closed WHERE tier = 'total'").get()?.bucket ??
    0;
  const widths = TOTAL_SECONDS.map((seconds) => createWidth(database, seconds));
  return {
    count(start, counted, times) {
      if (start < since * HOUR_MICROS) return;
      for (const width of widths) width.count(start, counted, times);
    },
    flush() {
      for (const width of widths) width.flush();
    },
  };
}

function createWidth(database: Database, seconds: number): Totals {
  const select = database
    .prepare<[number, number], FigureRow>(`SELECT ${FIGURE_COLUMNS} FROM rollup_total WHERE seconds = ? AND bucket = ?`)
    .raw();
  const put = database.prepare<(number | Buffer)[]>(
    'INSERT OR REPLACE INTO rollup_total VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[number, number]>('DELETE FROM rollup_total WHERE seconds = ? AND bucket = ?');
  const cells = new Map<number, DenseFigures>();
  const dirty = new Set<number>();
  const micros = seconds * 1_000_000;
  const figuresOf = (bucket: number): DenseFigures => {
    const known = cells.get(bucket);
    if (known !== undefined) return known;
    const figures = noDenseFigures();
    const stored = select.get(seconds, bucket);
    if (stored !== undefined) addColumns(figures, stored, 0, 1);
    cells.set(bucket, figures);
    return figures;
  };
  return {
    count(start, counted, times) {
      const bucket = Math.floor(start / micros);
      countDense(figuresOf(bucket), counted, times);
      dirty.add(bucket);
    },
    flush() {
      for (const bucket of dirty) {
        const figures = figuresOf(bucket);
        if (figures.count === 0) remove.run(seconds, bucket);
        else put.run(seconds, bucket, ...columnsOf(figures));
      }
      dirty.clear();
      if (cells.size >= CACHE_MAX) cells.clear();
    },
  };
}
