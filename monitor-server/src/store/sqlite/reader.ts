import type {
  Accounting,
  Comparison,
  ExchangeDetail,
  Exchanges,
  Level,
  Links,
  Node,
  NodeProcesses,
  Nodes,
  Picture,
  Replay,
  States,
  Topology,
  Traffic,
  Transaction,
  View,
  Window,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type {
  Arrivals,
  ArrivalsQuery,
  Committed,
  ExchangesQuery,
  ExportQuery,
  Process,
  ReplayPageQuery,
  ReplayQuery,
  TrafficQuery,
} from '../store.ts';
import { createCatalogue } from './catalogue.ts';
import { checkDatabase } from './check.ts';
import { createDetailSource } from './exchange-detail.ts';
import { readAccounting } from './read-accounting.ts';
import { readArrivals } from './read-arrivals.ts';
import { type Details, readDetails } from './read-details.ts';
import { readExchange, readExchanges } from './read-exchanges.ts';
import { createFigureReader } from './read-figures.ts';
import { readLinks } from './read-links.ts';
import { readNodeProcesses } from './read-node-processes.ts';
import { readCurrent, readPicture } from './read-picture.ts';
import { readNode, readNodes, readProcesses } from './read-register.ts';
import { readReplay, readReplayPage } from './read-replay.ts';
import { readStateChanges, type StateChangesQuery } from './read-state-changes.ts';
import { readStates, type StatesQuery } from './read-states.ts';
import { readComparison, readTopology, type WindowAtLevel } from './read-topology.ts';
import { readTraffic } from './read-traffic.ts';
import { readTransaction } from './read-transaction.ts';
import { readView } from './read-view.ts';

/** What the reader is asked, and what it answers. */
export interface Questions {
  read: ReplayQuery;
  replayPage: ReplayPageQuery;
  picture: number;
  topology: WindowAtLevel;
  traffic: TrafficQuery;
  exchanges: ExchangesQuery;
  details: ExportQuery;
  arrivals: ArrivalsQuery;
  exchange: string;
  transaction: string;
  compare: { readonly window: Window; readonly window2: Window; readonly level: Level };
  nodes: { readonly cursor: string | null; readonly limit: number };
  links: { readonly cursor: string | null; readonly limit: number };
  node: string;
  nodeProcesses: { readonly id: string; readonly now: number };
  states: StatesQuery;
  stateChanges: StateChangesQuery;
  current: number;
  processes: null;
  accounting: number;
  view: string;
  check: null;
}

export interface Answers {
  read: Replay;
  replayPage: Uint8Array<ArrayBuffer>;
  picture: Picture;
  topology: Topology;
  traffic: Traffic;
  exchanges: Exchanges;
  details: Details;
  arrivals: Arrivals;
  exchange: ExchangeDetail | null;
  transaction: Transaction | null;
  compare: Comparison;
  nodes: Nodes;
  links: Links;
  node: Node | null;
  nodeProcesses: NodeProcesses | null;
  states: States;
  stateChanges: States;
  current: Committed;
  processes: readonly Process[];
  accounting: Accounting;
  view: { readonly view: View; readonly etag: string } | null;
  check: readonly string[];
}

export type QuestionKind = keyof Questions;
type Handlers = { readonly [K in QuestionKind]: (question: Questions[K]) => Answers[K] };

export interface Reader {
  ask<K extends QuestionKind>(kind: K, question: Questions[K]): Answers[K];
  close(): void;
}

/** Answers questions from its own connection; each in a snapshot of its own, so none delays the writer. */
export function createReader(database: Database): Reader {
  const catalogue = createCatalogue(database);
  const fold = createFigureReader(database);
  const detail = createDetailSource(database, catalogue);
  const handlers: Handlers = {
    read: (query) => readReplay(database, catalogue, query),
    replayPage: (query) => readReplayPage(database, catalogue, query),
    picture: (at) => readPicture(database, catalogue, at),
    topology: (query) => readTopology({ database, catalogue, fold }, query),
    traffic: (query) => readTraffic(database, catalogue, fold, query),
    exchanges: (query) => readExchanges(database, catalogue, detail, query),
    details: (query) => readDetails(database, catalogue, detail, query),
    arrivals: (query) => readArrivals(database, catalogue, detail, query),
    exchange: (id) => readExchange(database, catalogue, detail, id),
    transaction: (id) => readTransaction(database, catalogue, detail, id),
    compare: (query) => readComparison({ database, catalogue, fold }, query),
    nodes: ({ cursor, limit }) => readNodes(database, cursor, limit),
    links: ({ cursor, limit }) => readLinks(database, cursor, limit),
    node: (id) => readNode(database, id),
    nodeProcesses: ({ id, now }) => readNodeProcesses(database, id, now),
    states: (query) => readStates(database, query),
    stateChanges: (query) => readStateChanges(database, query),
    current: (now) => readCurrent(database, catalogue, now),
    processes: () => readProcesses(database),
    accounting: (now) => readAccounting(database, now),
    view: (id) => readView(database, id),
    check: () => checkDatabase(database),
  };
  return {
    ask: (kind, question) => handlers[kind](question),
    close: () => void database.close(),
  };
}
