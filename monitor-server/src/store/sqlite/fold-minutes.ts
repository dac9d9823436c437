import { countExchange, type Figures, noFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { MinuteStep } from './minute-steps.ts';
import { countedSince } from './recount.ts';
import { MINUTE_MICROS } from './rollups.ts';
import { cellKey } from './tier-figures.ts';

/** One cell of the minute tier, as the facts have it. */
export interface FoldedCell {
  /** The minute. */
  readonly bucket: number;
  readonly link: number;
  readonly operation: number;
  readonly figures: Figures;
}

/** The cells that the facts of these minutes fold to, by `cellKey`. By the protocol's own folds, so that it can tell others wrong. */
export function foldMinutes(database: Database, { from, to }: MinuteStep): Map<string, FoldedCell> {
  const cells = new Map<string, FoldedCell>();
  for (const { link, operation, start, counted } of countedSince(database, from, to)) {
    const bucket = Math.floor(start / MINUTE_MICROS);
    const key = cellKey({ bucket, link, operation });
    const cell = cells.get(key) ?? { bucket, link, operation, figures: noFigures() };
    cells.set(key, cell);
    countExchange(cell.figures, counted, 1);
  }
  return cells;
}

/** Equal texts, equal figures. */
export function figuresText(figures: Figures): string {
  const { count, faults, errors, requestBytes, replyBytes, histogram } = figures;
  const buckets = [...histogram].sort(([a], [b]) => a - b).map(([bucket, n]) => `${bucket}:${n}`);
  return [count, faults, errors, requestBytes, replyBytes, ...buckets].join(' ');
}
