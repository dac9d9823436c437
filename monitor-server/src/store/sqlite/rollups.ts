import type { Counted, Figures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { closeHours, closeTenMinutes } from './close-tiers.ts';
import { histogramFromBlob } from './histogram-blob.ts';
import { createLinkSeen } from './link-seen.ts';
import { createTierCells } from './tier-cells.ts';
import { HOUR, MINUTE, TEN_MINUTES } from './tiers.ts';
import { createTotals } from './totals.ts';

/**
 * Figures per link and operation in tiers of a minute, ten minutes and an hour, and their sums over all links. The minute
 * and the sums change in the same commit as the exchanges they count; the coarser tiers are written when a bucket closes,
 * and from then on corrected in the commit that changes the minute. So each tier is equal to the facts wherever it is read.
 */
export interface Rollups {
  count(link: number, operation: number, start: number, counted: Counted, times: 1 | -1): void;
  /** With `all`, also what is held back of when links were seen. */
  flush(all?: boolean): void;
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

export const MINUTE_MICROS = MINUTE.micros;
/** A bucket closes so long after its end, by the newest exchange: most halves have come by then (clocks may be 5 min ahead). */
const CLOSING_DELAY_MINUTES = 6;
/** Rows read for closing in one commit, at most: about 5 ms. (One step of many links may exceed it once.) */
const CLOSING_ROWS_MAX = 2_000;

export function createRollups(database: Database): Rollups {
  const minutes = createTierCells(database, MINUTE);
  const tens = { tier: TEN_MINUTES, cells: createTierCells(database, TEN_MINUTES), closing: closeTenMinutes(database) };
  const hours = { tier: HOUR, cells: createTierCells(database, HOUR), closing: closeHours(database) };
  const totals = createTotals(database);
  const seen = createLinkSeen(database);
  let newestMinute =
    database.prepare<[], { newest: number | null }>('SELECT max(minute) AS newest FROM rollup_minute').get()?.newest ??
    0;

  return {
    count(link, operation, start, counted, times) {
      const minute = Math.floor(start / MINUTE_MICROS);
      minutes.count(minute, link, operation, counted, times);
      for (const { tier, cells, closing } of [tens, hours])
        if (closing.isClosed(minute, link))
          cells.count(Math.floor(minute / tier.minutes), link, operation, counted, times);
      totals.count(start, counted, times);
      if (times === 1) seen.saw(link, start);
      newestMinute = Math.max(newestMinute, minute);
    },
    flush(all = false) {
      minutes.flush();
      for (const { cells } of [tens, hours]) cells.flush();
      totals.flush();
      seen.flush(all);
      const before = newestMinute - CLOSING_DELAY_MINUTES;
      const rows = tens.closing.step(before, CLOSING_ROWS_MAX);
      hours.closing.step(tens.closing.closedMinutes(), CLOSING_ROWS_MAX - rows);
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
