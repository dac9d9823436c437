import { addFigures, type Counted, countExchange, type Figures, noFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { histogramFromBlob, histogramToBlob } from './histogram-blob.ts';

/** The minute tier: figures per minute, link and operation, changed in the same commit as the exchanges they count. */
export interface Rollups {
  count(link: number, operation: number, start: number, counted: Counted, times: 1 | -1): void;
  flush(): void;
}

export interface RollupRow {
  readonly minute: number;
  readonly link: number;
  readonly operation: number;
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
  readonly request_bytes: number;
  readonly reply_bytes: number;
  readonly histogram: Buffer;
}

export const MINUTE_MICROS = 60_000_000;
/** Cells kept as they stand in the table, so that a busy minute is not read again at each commit. */
const CACHE_MAX = 20_000;

interface Cell {
  readonly minute: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: Figures;
}

export function createRollups(database: Database): Rollups {
  const select = database.prepare<[number, number, number], RollupRow>(
    'SELECT * FROM rollup_minute WHERE minute = ? AND link = ? AND operation = ?',
  );
  const put = database.prepare<(number | Buffer)[]>(
    'INSERT OR REPLACE INTO rollup_minute VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[number, number, number]>(
    'DELETE FROM rollup_minute WHERE minute = ? AND link = ? AND operation = ?',
  );
  const stored = new Map<string, Figures>();
  const deltas = new Map<string, Cell>();

  const storedFigures = (key: string, cell: Cell): Figures => {
    const known = stored.get(key);
    if (known !== undefined) return known;
    const row = select.get(cell.minute, cell.link, cell.operation);
    const figures = row === undefined ? noFigures() : figuresOfRollup(row);
    if (stored.size >= CACHE_MAX) stored.clear();
    stored.set(key, figures);
    return figures;
  };

  return {
    count(link, operation, start, counted, times) {
      const minute = Math.floor(start / MINUTE_MICROS);
      const key = `${minute} ${link} ${operation}`;
      const cell = deltas.get(key) ?? { minute, link, operation, figures: noFigures() };
      deltas.set(key, cell);
      countExchange(cell.figures, counted, times);
    },
    flush() {
      for (const [key, cell] of deltas) {
        const figures = storedFigures(key, cell);
        addFigures(figures, cell.figures);
        const { minute, link, operation } = cell;
        if (figures.count === 0) remove.run(minute, link, operation);
        else put.run(...[minute, link, operation], ...columnsOf(figures), histogramToBlob(figures.histogram));
      }
      deltas.clear();
    },
  };
}

export const figuresOfRollup = (row: RollupRow): Figures => ({
  count: row.count,
  faults: row.faults,
  errors: row.errors,
  requestBytes: row.request_bytes,
  replyBytes: row.reply_bytes,
  histogram: histogramFromBlob(row.histogram),
});

const columnsOf = (figures: Figures): number[] => [
  figures.count,
  figures.faults,
  figures.errors,
  figures.requestBytes,
  figures.replyBytes,
];
