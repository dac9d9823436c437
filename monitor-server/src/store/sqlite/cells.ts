import {
  type CellTuple,
  type Counted,
  countExchange,
  type Figures,
  histogramToPairs,
  noFigures,
} from '@soa-monitor/protocol';
import type { LinkRecord } from './register.ts';

/**
 * The counts of the last few minutes, per link and second, in memory: what live viewers are told. Absolute values.
 * Older seconds are told by the queries only.
 */
export interface LiveCells {
  count(link: LinkRecord, start: number, counted: Counted, times: 1 | -1): void;
  /** The cells that changed since the last call. */
  changed(version: number): readonly CellTuple[];
  /** Lets go of seconds that ended before the live stretch. */
  forget(now: number): void;
}

export const LIVE_SECONDS = 300;
const SECOND = 1_000_000;

interface Cell {
  readonly link: LinkRecord;
  readonly second: number;
  readonly figures: Figures;
}

export function createLiveCells(now: number): LiveCells {
  const bySecond = new Map<number, Map<number, Cell>>();
  const dirty = new Set<Cell>();
  let oldest = Math.floor(now / SECOND) - LIVE_SECONDS;
  return {
    count(link, start, counted, times) {
      const second = Math.floor(start / SECOND);
      if (second < oldest) return;
      const cells = bySecond.get(second) ?? new Map<number, Cell>();
      bySecond.set(second, cells);
      const cell = cells.get(link.number) ?? { link, second, figures: noFigures() };
      cells.set(link.number, cell);
      countExchange(cell.figures, counted, times);
      dirty.add(cell);
    },
    changed(version) {
      const told = [...dirty].map((cell) => cellTuple(cell.link.id, cell.second, version, cell.figures));
      dirty.clear();
      return told;
    },
    forget(at) {
      oldest = Math.max(oldest, Math.floor(at / SECOND) - LIVE_SECONDS);
      for (const second of bySecond.keys()) if (second < oldest) bySecond.delete(second);
    },
  };
}

export const cellTuple = (link: string, second: number, version: number, figures: Figures): CellTuple => [
  link,
  second,
  version,
  figures.count,
  figures.faults,
  figures.errors,
  figures.requestBytes,
  figures.replyBytes,
  histogramToPairs(figures.histogram),
];
