import type { Counted } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { createBandCells } from './band-cells.ts';
import { bandsOf, createClosing, openMinutes } from './close-tiers.ts';
import { readKept } from './kept.ts';
import { createLinkSeen } from './link-seen.ts';
import { createOpenCells } from './open-cells.ts';
import { MINUTE, TIERS } from './tiers.ts';
import { createTotals } from './totals.ts';

/**
 * Figures per link and operation in tiers of a minute, ten minutes and an hour, and their sums over all links. Open minutes
 * and the sums change in the same commit as the exchanges they count; a tier is written, in bands, when a bucket closes, and
 * from then on corrected in the commit that changes what it counts. So each tier is equal to the facts wherever it is read.
 */
export interface Rollups {
  count(link: number, operation: number, start: number, counted: Counted, times: 1 | -1): void;
  /** With `all`, also what is held back of when links were seen. */
  flush(all?: boolean): void;
}

export const MINUTE_MICROS = MINUTE.micros;
/** A bucket closes so long after its end, by the newest exchange: most halves have come by then (clocks may be 5 min ahead). */
const CLOSING_DELAY_MINUTES = 6;
/** Rows read for closing in one commit, at most: about 5 ms. (One step of many links may exceed it once.) */
const CLOSING_ROWS_MAX = 2_000;

export function createRollups(database: Database): Rollups {
  const open = createOpenCells(database);
  const tiers = TIERS.map((tier, index) => {
    const finer = TIERS[index - 1];
    const source = finer === undefined ? openMinutes(database) : bandsOf(database, finer, tier);
    const bands = createBandCells(database, tier);
    return { tier, bands, closing: createClosing(database, tier, source, bands) };
  });
  const [minutes] = tiers;
  const totals = createTotals(database);
  const seen = createLinkSeen(database);
  let newestMinute = readKept(database).minutes?.last ?? 0;

  return {
    count(link, operation, start, counted, times) {
      const minute = Math.floor(start / MINUTE_MICROS);
      for (const { tier, bands, closing } of tiers)
        if (closing.isClosed(minute, link))
          bands.count(Math.floor(minute / tier.minutes), link, operation, counted, times);
      if (!minutes?.closing.isClosed(minute, link)) open.count(minute, link, operation, counted, times);
      totals.count(start, counted, times);
      if (times === 1) seen.saw(link, start);
      newestMinute = Math.max(newestMinute, minute);
    },
    flush(all = false) {
      open.flush();
      for (const { bands } of tiers) bands.flush();
      totals.flush();
      seen.flush(all);
      let before = newestMinute - CLOSING_DELAY_MINUTES;
      let rows = CLOSING_ROWS_MAX;
      for (const { closing } of tiers) {
        rows -= closing.step(before, rows);
        before = closing.closedMinutes();
      }
    },
  };
}
