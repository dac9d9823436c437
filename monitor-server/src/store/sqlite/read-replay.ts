import {
  type CellCounts,
  type CellTuple,
  createPageEncoder,
  type ExchangeTuple,
  exchangeId,
  type FeedItems,
  type Replay,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ReplayPageQuery, ReplayQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { type DenseFigures, noDenseFigures } from './dense-figures.ts';
import { ALL, createFigureReader } from './read-figures.ts';
import { createStateReader } from './read-states.ts';
import type { ReplayRows } from './replay-rows.ts';
import { type Walked, walkReplay } from './replay-walk.ts';
import { MINUTE_MICROS } from './rollups.ts';
import { linksOfOpen } from './scan-open.ts';
import { inSnapshot, type Snapshot } from './snapshot.ts';

/**
 * A page of a past window in time order: exchanges (1 in `sample`), cells of the seconds it touches, states. The first page
 * also has the nodes and links of the whole window and the states at its beginning.
 */
export function readReplay(database: Database, catalogue: Catalogue, query: ReplayQuery): Replay {
  return inSnapshot(database, (snapshot) => {
    const { window, sample } = query;
    const exchanges: ExchangeTuple[] = [];
    const cells: CellTuple[] = [];
    const walked = walkReplay(database, catalogue, query, snapshot, {
      exchange: (rows, at) => void exchanges.push(shownTuple(rows, at, catalogue, snapshot.commitSeq)),
      cell: (link, second, counts, histogram) =>
        void cells.push(shownCell(catalogue.link(link).id, second, snapshot.commitSeq, counts, histogram)),
    });
    const estate = readEstate(database, catalogue, query, snapshot, walked);
    return { window, sample, feed: { ...estate, exchanges, cells, gone: [] }, cursor: walked.cursor };
  });
}

/** The same page in the compact form. */
export function readReplayPage(
  database: Database,
  catalogue: Catalogue,
  query: ReplayPageQuery,
): Uint8Array<ArrayBuffer> {
  return inSnapshot(database, (snapshot) => {
    const encoder = createPageEncoder({ ids: query.ids });
    const calls = new Map<number, number>();
    const callOf = (link: number, operation: number): number => {
      const key = link * CALL_SCALE + operation;
      const known = calls.get(key);
      if (known !== undefined) return known;
      const call = encoder.call(catalogue.link(link).id, catalogue.operationName(operation));
      calls.set(key, call);
      return call;
    };
    const walked = walkReplay(database, catalogue, query, snapshot, {
      exchange: (rows, at) =>
        encoder.exchange(
          rows.idTime[at] ?? 0,
          rows.idSeq[at] ?? 0,
          callOf(rows.link[at] ?? 0, rows.operation[at] ?? 0),
          rows.outcome[at] ?? -1,
          rows.requestSent[at] ?? Number.NaN,
          rows.requestReceived[at] ?? Number.NaN,
          rows.replySent[at] ?? Number.NaN,
          rows.replyReceived[at] ?? Number.NaN,
          rows.duration[at] ?? Number.NaN,
        ),
      cell: (link, second, figures, histogram) => encoder.cell(catalogue.link(link).id, second, figures, histogram),
    });
    return encoder.finish({
      window: query.window,
      sample: query.sample,
      version: snapshot.commitSeq,
      after: query.cursor ?? '',
      cursor: walked.cursor,
      estate: readEstate(database, catalogue, query, snapshot, walked),
    });
  });
}

/** Operations are numbered below this. */
const CALL_SCALE = 2 ** 20;

/** The cell as it stands in a feed. */
export const shownCell = (
  link: string,
  second: number,
  version: number,
  { count, faults, errors, requestBytes, replyBytes }: CellCounts,
  histogram: readonly number[],
): CellTuple => [link, second, version, count, faults, errors, requestBytes, replyBytes, [...histogram]];

/** The exchange as it stands in a feed. */
export function shownTuple(rows: ReplayRows, at: number, catalogue: Catalogue, version: number): ExchangeTuple {
  const outcome = rows.outcome[at] ?? -1;
  return [
    exchangeId(rows.idTime[at] ?? 0, rows.idSeq[at] ?? 0),
    version,
    catalogue.link(rows.link[at] ?? 0).id,
    catalogue.operationName(rows.operation[at] ?? 0),
    outcome < 0 ? null : outcome,
    known(rows.requestSent[at]),
    known(rows.requestReceived[at]),
    known(rows.replySent[at]),
    known(rows.replyReceived[at]),
    known(rows.duration[at]),
  ];
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** What of a page is few: nodes, links and state changes. */
function readEstate(
  database: Database,
  catalogue: Catalogue,
  query: ReplayQuery,
  snapshot: Snapshot,
  walked: Walked,
): Pick<FeedItems, 'nodes' | 'links' | 'states'> {
  const { isFirst, statesFrom, statesTo, lostLinks } = walked;
  const states = createStateReader(database);
  const inWindow = states.within(statesFrom, statesTo);
  const numbers = new Set(lostLinks);
  if (isFirst) addLinksOfWindow(database, query, snapshot, numbers);
  const links = [...numbers].map(catalogue.link);
  const touched = new Set(links.flatMap(({ source, target }) => [source, target]));
  return {
    nodes: isFirst || touched.size > 0 ? nodesOf(catalogue, touched, isFirst ? query.window.to : 0) : [],
    links,
    states: isFirst ? [...states.before(query.window.from), ...inWindow] : inWindow,
  };
}

/** Links that figures count in the minutes of the window, and those of exchanges that have not ended. */
function addLinksOfWindow(database: Database, { window }: ReplayQuery, snapshot: Snapshot, numbers: Set<number>): void {
  const from = Math.floor(window.from / MINUTE_MICROS) * MINUTE_MICROS;
  const to = Math.ceil(window.to / MINUTE_MICROS) * MINUTE_MICROS;
  const fold = createFigureReader(database);
  const sums = new Map<number, DenseFigures>();
  fold({ window: { from, to }, ...ALL }, snapshot.renewIfOld, (link) => {
    const figures = sums.get(link) ?? noDenseFigures();
    sums.set(link, figures);
    return figures;
  });
  for (const [link, { count }] of sums) if (count > 0) numbers.add(link);
  for (const link of linksOfOpen(database, window.from, window.to)) numbers.add(link);
}

/** The nodes of these ids with what they belong to, and all that were monitored before a time. */
function nodesOf(catalogue: Catalogue, touched: Set<string>, monitoredBefore: number): FeedItems['nodes'] {
  const nodes = catalogue.nodes();
  for (const node of nodes.all()) if (node.monitored && node.firstSeen < monitoredBefore) touched.add(node.id);
  for (const id of touched) {
    const parent = nodes.get(id)?.parent ?? null;
    if (parent !== null) touched.add(parent);
  }
  return nodes.all().filter((node) => touched.has(node.id));
}
