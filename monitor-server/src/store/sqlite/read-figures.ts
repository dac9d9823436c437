import { countExchange, type Figures, noFigures, type Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { countedSince } from './recount.ts';
import { figuresOfRollup, MINUTE_MICROS, type RollupRow } from './rollups.ts';

/** Figures of one link and operation in some stretch of a window. `at` is where the stretch begins. */
export type TakeFigures = (link: number, operation: number, at: number, figures: Figures) => void;

/**
 * Gives all that was counted in a window, exactly: whole minutes from the minute tier, the ragged edges from the facts.
 */
export function readFigures(database: Database, window: Window, renew: () => void, take: TakeFigures): void {
  const firstMinute = Math.ceil(window.from / MINUTE_MICROS);
  const lastMinute = Math.floor(window.to / MINUTE_MICROS);
  if (firstMinute >= lastMinute) {
    readFacts(database, window, renew, take);
    return;
  }
  readFacts(database, { from: window.from, to: firstMinute * MINUTE_MICROS }, renew, take);
  readMinutes(database, firstMinute, lastMinute, renew, take);
  readFacts(database, { from: lastMinute * MINUTE_MICROS, to: window.to }, renew, take);
}

/** The same, from the facts alone: for steps that are no whole minutes. */
export function readFacts(database: Database, { from, to }: Window, renew: () => void, take: TakeFigures): void {
  if (from >= to) return;
  for (const { link, operation, start, counted } of countedSince(database, from, to, renew)) {
    const figures = noFigures();
    countExchange(figures, counted, 1);
    take(link, operation, start, figures);
  }
}

const MINUTES_PER_PAGE = 60;

function readMinutes(database: Database, from: number, to: number, renew: () => void, take: TakeFigures): void {
  const select = database.prepare<[number, number], RollupRow>(
    'SELECT * FROM rollup_minute WHERE minute >= ? AND minute < ?',
  );
  const bounds = database.prepare<[number, number], { first: number | null; last: number | null }>(
    'SELECT min(minute) AS first, max(minute) AS last FROM rollup_minute WHERE minute >= ? AND minute < ?',
  );
  // A window may begin in 1970: only the minutes that exist are walked.
  const { first, last } = bounds.get(from, to) ?? { first: null, last: null };
  if (first === null || last === null) return;
  for (let minute = first; minute <= last; minute += MINUTES_PER_PAGE) {
    for (const row of select.all(minute, Math.min(minute + MINUTES_PER_PAGE, last + 1)))
      take(row.link, row.operation, row.minute * MINUTE_MICROS, figuresOfRollup(row));
    renew();
  }
}
