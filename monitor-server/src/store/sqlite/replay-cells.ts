import { countExchange, type Figures, histogramToPairs, noFigures, OUTCOMES } from '@soa-monitor/protocol';
import type { ReplayRows } from './replay-rows.ts';

/** Takes the exact counts of one link in one second. */
export type TakeCell = (link: number, second: number, figures: Figures, histogram: readonly number[]) => void;

/** Folds rows that come in the order of time into cells: only one second is in memory. */
export interface ReplayCells {
  count(rows: ReplayRows, at: number): void;
  /** Gives the last second's cells. */
  finish(): void;
}

export const SECOND_MICROS = 1_000_000;

export function createReplayCells(take: TakeCell): ReplayCells {
  const cells = new Map<number, Figures>();
  let second = Number.NEGATIVE_INFINITY;
  const finish = (): void => {
    for (const [link, figures] of cells) take(link, second, figures, histogramToPairs(figures.histogram));
    cells.clear();
  };
  return {
    count(rows, at) {
      if (rows.isCounted[at] === 0) return;
      const of = Math.floor((rows.time[at] ?? 0) / SECOND_MICROS);
      if (of !== second) finish();
      second = of;
      const link = rows.link[at] ?? 0;
      let figures = cells.get(link);
      if (figures === undefined) {
        figures = noFigures();
        cells.set(link, figures);
      }
      const counted = {
        outcome: OUTCOMES[rows.outcome[at] ?? 0] ?? 'aborted',
        durationMicros: rows.duration[at] ?? 0,
        requestBytes: rows.requestBytes[at] ?? 0,
        replyBytes: rows.replyBytes[at] ?? 0,
      };
      countExchange(figures, counted, 1);
    },
    finish,
  };
}
