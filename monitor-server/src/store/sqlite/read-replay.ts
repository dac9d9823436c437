import {
  type CellTuple,
  countExchange,
  type ExchangeTuple,
  type Figures,
  isSampled,
  type Link,
  type Node,
  noFigures,
  type Replay,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ReplayQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { cellTuple } from './cells.ts';
import { tupleOf } from './fold-exchange.ts';
import { parseCursor } from './read-exchanges.ts';
import { readFigures } from './read-figures.ts';
import { createStateReader } from './read-states.ts';
import { countedSince } from './recount.ts';
import { foldScanned, type ScannedExchange, scanExchanges } from './scan.ts';
import { linksOfOpen } from './scan-open.ts';
import { inSnapshot, type Snapshot } from './snapshot.ts';

const PAGE_MAX = 20_000;
/** Exchanges looked at for one page, at most: with a thin sample a page may come back with few of them. */
const SCANNED_PER_PAGE_MAX = 200_000;
const SECOND = 1_000_000;

/**
 * A page of a past window in time order: exchanges (1 in `sample`), cells of the seconds it touches, states. The first page
 * also has the nodes and links of the whole window and the states at its beginning. Cells are those of whole seconds, also
 * at the edges of the window: they are absolute values, and a part of one would spoil the whole.
 */
export function readReplay(database: Database, catalogue: Catalogue, query: ReplayQuery): Replay {
  return inSnapshot(database, (snapshot) => {
    const { window, sample } = query;
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX);
    const after = parseCursor(query.cursor);
    const isFirst = after === null;
    const states = createStateReader(database);
    const exchanges: ExchangeTuple[] = [];
    let last: ScannedExchange | null = null;
    let scanned = 0;
    const scan = { ...window, after, between: snapshot.renewIfOld };
    for (const exchange of scanExchanges(database, scan)) {
      if (exchanges.length >= limit || scanned >= SCANNED_PER_PAGE_MAX) break;
      scanned++;
      last = exchange;
      if (isSampled(exchange.id, sample)) exchanges.push(...shownTuple(exchange, catalogue, snapshot.commitSeq));
    }
    const isLast = exchanges.length < limit && scanned < SCANNED_PER_PAGE_MAX;
    // Whole seconds: the page before has told the second in which it ended.
    const firstSecond = isFirst ? Math.floor(window.from / SECOND) : Math.floor(after.time / SECOND) + 1;
    const endSecond = isLast ? Math.ceil(window.to / SECOND) : Math.floor((last?.time ?? window.from) / SECOND) + 1;
    const statesFrom = isFirst ? window.from : after.time + 1;
    const statesTo = isLast ? window.to : (last?.time ?? window.from) + 1;
    const inWindow = states.within(statesFrom, statesTo);
    return {
      window,
      sample,
      feed: {
        nodes: isFirst ? nodesOfWindow(database, catalogue, query, snapshot) : [],
        links: isFirst ? linksOfWindow(database, catalogue, query, snapshot) : [],
        states: isFirst ? [...states.before(window.from), ...inWindow] : inWindow,
        exchanges,
        cells: readCells(database, catalogue, firstSecond, endSecond, snapshot),
        gone: [],
      },
      cursor: isLast || last === null ? null : `${last.time}.${last.seq}`,
    };
  });
}

/** The exchange as a tuple; none when it is not attributed yet. */
export function shownTuple(scanned: ScannedExchange, catalogue: Catalogue, version: number): readonly ExchangeTuple[] {
  const folded = foldScanned(scanned);
  // A round before a message's last is told with that one.
  if (scanned.link === null || folded.outcome === 'attempt') return [];
  const link = catalogue.link(scanned.link).id;
  const operation = catalogue.operationName(scanned.operation);
  return [tupleOf(scanned.id, version, link, operation, folded, scanned.lost)];
}

/** The exact counts of whole seconds, per link. */
export function readCells(
  database: Database,
  catalogue: Catalogue,
  fromSecond: number,
  toSecond: number,
  snapshot: Snapshot,
): readonly CellTuple[] {
  const cells = new Map<string, { link: number; second: number; figures: Figures }>();
  const [from, to] = [fromSecond * SECOND, toSecond * SECOND];
  for (const { link, start, counted } of countedSince(database, from, to, snapshot.renewIfOld)) {
    const second = Math.floor(start / SECOND);
    const key = `${link} ${second}`;
    const cell = cells.get(key) ?? { link, second, figures: noFigures() };
    cells.set(key, cell);
    countExchange(cell.figures, counted, 1);
  }
  return [...cells.values()].map(({ link, second, figures }) =>
    cellTuple(catalogue.link(link).id, second, snapshot.commitSeq, figures),
  );
}

function linksOfWindow(database: Database, catalogue: Catalogue, { window }: ReplayQuery, snapshot: Snapshot): Link[] {
  const numbers = new Set<number>();
  readFigures(database, window, snapshot.renewIfOld, (link) => void numbers.add(link));
  for (const link of linksOfOpen(database, window.from, window.to)) numbers.add(link);
  return [...numbers].map(catalogue.link);
}

function nodesOfWindow(
  database: Database,
  catalogue: Catalogue,
  query: ReplayQuery,
  snapshot: Snapshot,
): readonly Node[] {
  const nodes = catalogue.nodes();
  const touched = new Set<string>();
  for (const { source, target } of linksOfWindow(database, catalogue, query, snapshot)) touched.add(source).add(target);
  for (const node of nodes.all()) if (node.monitored && node.firstSeen < query.window.to) touched.add(node.id);
  for (const id of touched) {
    const parent = nodes.get(id)?.parent ?? null;
    if (parent !== null) touched.add(parent);
  }
  return nodes.all().filter((node) => touched.has(node.id));
}
