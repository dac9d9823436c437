import { exchangeId, isSampled } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ReplayQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { parseCursor } from './read-exchanges.ts';
import { createStateReader } from './read-states.ts';
import { createReplayCells, SECOND_MICROS, type TakeCell } from './replay-cells.ts';
import type { ReplayRows } from './replay-rows.ts';
import { scanForReplay } from './scan-replay.ts';
import type { Snapshot } from './snapshot.ts';

export const PAGE_MAX = 20_000;
/** Exchanges looked at for one page, at most: with a thin sample a page may come back with few of them. */
const SCANNED_PER_PAGE_MAX = 200_000;

/** What a page is made of, as it is found. */
export interface PageTaker {
  exchange(rows: ReplayRows, at: number): void;
  readonly cell: TakeCell;
}

/** How far a page came. */
export interface Walked {
  readonly isFirst: boolean;
  readonly cursor: string | null;
  /** The stretch of time whose state changes the page tells. */
  readonly statesFrom: number;
  readonly statesTo: number;
  /** Links of exchanges whose process was lost: they are shown, though no figure counts them. */
  readonly lostLinks: ReadonlySet<number>;
}

/**
 * Walks one page of a window in the order of time. Cells are those of whole seconds, also at the edges of the window: they
 * are absolute values, and a part of one would spoil the whole. So they are counted on to the end of the page's last second.
 */
export function walkReplay(
  database: Database,
  catalogue: Catalogue,
  query: ReplayQuery,
  snapshot: Snapshot,
  take: PageTaker,
): Walked {
  const { window, sample } = query;
  const limit = Math.min(Math.max(1, query.limit), PAGE_MAX);
  const after = parseCursor(query.cursor);
  const cells = createReplayCells(take.cell);
  const lostLinks = new Set<number>();
  // The page before has told the second in which it ended.
  const firstSecond = Math.floor((after?.time ?? window.from - SECOND_MICROS) / SECOND_MICROS) + 1;
  let [shown, scanned, lastTime, lastSeq] = [0, 0, window.from, 0];
  let isFull = false;

  const statesFrom = after === null ? window.from : after.time + 1;
  // A page ends where there are more state changes than it may tell, whatever else it has.
  const end = createStateReader(database).endOf(statesFrom, window.to);

  const scan = {
    from: firstSecond * SECOND_MICROS,
    to: Math.ceil(end / SECOND_MICROS) * SECOND_MICROS,
    after,
    between: snapshot.renewIfOld,
  };
  const replay = scanForReplay(database, (call) => catalogue.call(call).operation);
  walking: for (const rows of replay.within(scan)) {
    for (let at = 0; at < rows.count; at++) {
      const time = rows.time[at] ?? 0;
      const second = Math.floor(time / SECOND_MICROS);
      if (isFull && second > Math.floor(lastTime / SECOND_MICROS)) break walking;
      if (second >= firstSecond) cells.count(rows, at);
      if (isFull || time < window.from || time >= end) continue;
      scanned++;
      [lastTime, lastSeq] = [time, rows.seq[at] ?? 0];
      if (sample === 1 || isSampled(exchangeId(rows.idTime[at] ?? 0, rows.idSeq[at] ?? 0), sample)) {
        shown++;
        take.exchange(rows, at);
        if (rows.isCounted[at] === 0 && rows.outcome[at] !== -1) lostLinks.add(rows.link[at] ?? 0);
      }
      isFull = shown >= limit || scanned >= SCANNED_PER_PAGE_MAX;
    }
  }
  cells.finish();
  return {
    isFirst: after === null,
    cursor: isFull ? `${lastTime}.${lastSeq}` : end < window.to ? `${end - 1}.${Number.MAX_SAFE_INTEGER}` : null,
    statesFrom,
    statesTo: isFull ? lastTime + 1 : end,
    lostLinks,
  };
}
