import type { CellTuple, ExchangeTuple, Link, Picture } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Committed } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { LONG_MICROS, longStartsAt } from './long-exchanges.ts';
import { shownCell, shownTuple } from './read-replay.ts';
import { createStateReader } from './read-states.ts';
import { createReplayCells, SECOND_MICROS } from './replay-cells.ts';
import type { ReplayRows } from './replay-rows.ts';
import { scanForCounts, scanForReplay } from './scan.ts';
import { inSnapshot, type Snapshot } from './snapshot.ts';

/** Cells over so long before the moment are part of the picture. What is in flight for longer is a long exchange. */
const CELLS_SECONDS = LONG_MICROS / SECOND_MICROS;
/** Exchanges that ended so shortly before the moment may still have a dot on screen. */
const JUST_ENDED_MICROS = 5_000_000;
/** Exchanges in one picture, at most: what is left out is counted in the answer. */
const EXCHANGES_MAX = 100_000;
/** So many more are looked at that something is told to be left out whenever something is. */
const STARTS_MAX = 2 * EXCHANGES_MAX;

/** The picture at a moment of the past: states then, exchanges in flight then, cells over the 60 s before. */
export function readPicture(database: Database, catalogue: Catalogue, at: number): Picture {
  return inSnapshot(database, (snapshot) => {
    const wasInFlight = (rows: ReplayRows, row: number): boolean =>
      (rows.time[row] ?? 0) <= at &&
      (rows.outcome[row] === -1 || (rows.time[row] ?? 0) + (rows.duration[row] ?? 0) > at);
    const look = { at, to: at, isShown: wasInFlight, newsFrom: Number.POSITIVE_INFINITY };
    const found = lookBack(database, catalogue, snapshot, look);
    const nodes = catalogue.nodes().all();
    const states = createStateReader(database).before(at + 1);
    const { exchanges, cells, omitted } = found;
    const shownNodes = nodes.filter((node) => node.firstSeen <= at);
    const feed = { nodes: shownNodes, links: allLinks(database), states, exchanges, cells, gone: [] };
    return { at, feed, omitted };
  });
}

/** Everything a new viewer needs, as of the last commit. */
export function readCurrent(database: Database, catalogue: Catalogue, now: number): Committed {
  return inSnapshot(database, (snapshot) => {
    const newsFrom = now - JUST_ENDED_MICROS;
    const isNews = (rows: ReplayRows, row: number): boolean =>
      rows.outcome[row] === -1 || (rows.time[row] ?? 0) >= newsFrom;
    const to = now + CELLS_SECONDS * SECOND_MICROS;
    const { exchanges, cells } = lookBack(database, catalogue, snapshot, { at: now, to, isShown: isNews, newsFrom });
    const nodes = catalogue.nodes().all();
    const feed = { nodes, links: allLinks(database), states: [], exchanges, cells, gone: [] };
    return { commitSeq: snapshot.commitSeq, feed };
  });
}

interface Look {
  readonly at: number;
  /** Exchanges that began up to then are looked at. */
  readonly to: number;
  readonly isShown: (rows: ReplayRows, row: number) => boolean;
  /** From here on most are shown. */
  readonly newsFrom: number;
}

/** The cells of the minute up to a moment, and the exchanges of that minute and longer ones from before it that are shown. */
function lookBack(database: Database, catalogue: Catalogue, snapshot: Snapshot, look: Look) {
  const { at, to, isShown, newsFrom } = look;
  const version = snapshot.commitSeq;
  const between = snapshot.renewIfOld;
  const exchanges: ExchangeTuple[] = [];
  const cells: CellTuple[] = [];
  let omitted = 0;
  const counting = createReplayCells((link, second, counts, histogram) => {
    cells.push(shownCell(catalogue.link(link).id, second, version, counts, histogram));
  });
  const atSecond = Math.floor(at / SECOND_MICROS);
  const from = (atSecond - CELLS_SECONDS) * SECOND_MICROS;
  const cellsTo = (atSecond + 1) * SECOND_MICROS;
  const starts = startsBefore(database, at, from);
  for (const rows of scanForCounts(database)({ from, to: Math.max(cellsTo, Math.min(to + 1, newsFrom)), between })) {
    for (let row = 0; row < rows.count; row++) {
      const time = rows.time[row] ?? 0;
      if (time < cellsTo) counting.count(rows, row);
      if (time < newsFrom && isShown(rows, row)) starts.add(time);
    }
  }
  counting.finish();

  const scan = scanForReplay(database, (call) => catalogue.call(call).operation);
  const show = (range: { readonly from: number; readonly to: number }): void => {
    for (const rows of scan({ ...range, between })) {
      for (let row = 0; row < rows.count; row++) {
        if (!isShown(rows, row)) continue;
        if (exchanges.length < EXCHANGES_MAX) exchanges.push(shownTuple(rows, row, catalogue, version));
        else omitted++;
      }
    }
  };
  for (const start of [...starts].sort((a, b) => a - b)) show({ from: start, to: start + 1 });
  if (newsFrom <= to) show({ from: newsFrom, to: to + 1 });
  return { exchanges, cells, omitted };
}

/** When exchanges began before `from` that may have been in flight at the moment: long ones, and those that never ended. */
function startsBefore(database: Database, at: number, from: number): Set<number> {
  // Found by the small index on what is pending.
  const pending = database.prepare<[number, number], { start: number }>(
    `SELECT coalesce(client_time, server_time) AS start FROM exchange
     WHERE pending != 0 AND link IS NOT NULL AND coalesce(client_time, server_time) < ? ORDER BY id DESC LIMIT ?`,
  );
  const starts = new Set(pending.all(from, STARTS_MAX).map((row) => row.start));
  for (const start of longStartsAt(database, at, STARTS_MAX)) if (start < from) starts.add(start);
  return starts;
}

function allLinks(database: Database): readonly Link[] {
  const select = database.prepare<[], Link>('SELECT id, source, target FROM link ORDER BY number');
  return select.all();
}
