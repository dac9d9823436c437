import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange, FeedItems, LinkFigures, Report, Topology, Window } from '@soa-monitor/protocol';
import type { Committed, Store } from '../store.ts';
import type { OpenStore } from './describe-store.ts';
import { MINUTE, NOON, type Reporter } from './estate.ts';

/** A store on a file in a temporary folder, with what tests ask of it again and again. */
export interface Opened extends AsyncDisposable {
  readonly path: string;
  readonly store: Store;
  readonly committed: Committed[];
  /** Closes the store and opens the same file again. */
  reopen(): Promise<void>;
  /** Appends a report of one process, received a moment after noon plus `after`. */
  send(reporter: Reporter, rows: Report['rows'], after?: number): Promise<void>;
  settle(after: number): Promise<number>;
  exchanges(window?: Window): Promise<readonly Exchange[]>;
  /** "source → target: count" by names, at endpoint level over the hour around noon. */
  links(level?: Topology['level']): Promise<readonly string[]>;
  feed(): FeedItems;
}

export const AROUND = { from: NOON - 30 * MINUTE, to: NOON + 30 * MINUTE };
export const WAIT = 200_000;
export const SILENT = 10_000_000;

export async function openTemporary(open: OpenStore): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-store-'));
  const path = join(folder, 'monitor.db');
  const committed: Committed[] = [];
  const opening = async (): Promise<Store> => {
    const opened = await open(path);
    opened.subscribe((commit) => void committed.push(commit));
    return opened;
  };
  let store = await opening();
  const nothing = { node: null, link: null, operation: null, outcome: null, minDurationMicros: null, fault: null };

  return {
    path,
    get store() {
      return store;
    },
    committed,
    async reopen() {
      await store.close();
      store = await opening();
    },
    async send(reporter, rows, after = 0) {
      const report = reporter.report(rows, { sentAt: NOON + after });
      await store.append(report, reporter.receipt(NOON + after));
      reporter.acknowledged(rows);
    },
    settle: async (after) => (await store.settle(NOON + after, WAIT, SILENT)).waiting,
    async exchanges(window = AROUND) {
      const query = { ...nothing, window, text: null, cursor: null, limit: 10_000 };
      return (await store.exchanges(query)).exchanges;
    },
    async links(level = 'endpoint') {
      const { nodes, links } = await store.topology(AROUND, level);
      const names = new Map(nodes.map((node) => [node.id, node.name]));
      return links.map((link) => shown(link, names)).sort();
    },
    feed: () => foldFeed(committed.map(({ feed }) => feed)),
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const shown = (link: LinkFigures, names: ReadonlyMap<string, string>): string =>
  `${names.get(link.source)} → ${names.get(link.target)}${link.operation === null ? '' : ` ${link.operation}`}: ${link.count}`;

/** The model of a viewer in its simplest form: the latest of each key, without what is gone. */
export function foldFeed(feeds: readonly FeedItems[]): FeedItems {
  const gone = new Set(feeds.flatMap((feed) => feed.gone.map(({ id }) => id)));
  const exchanges = feeds.flatMap((feed) => feed.exchanges).filter(([id]) => !gone.has(id));
  const latest = <Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] => [
    ...new Map(items.map((item) => [key(item), item])).values(),
  ];
  return {
    nodes: latest(
      feeds.flatMap((feed) => feed.nodes),
      (node) => node.id,
    ),
    links: latest(
      feeds.flatMap((feed) => feed.links),
      (link) => link.id,
    ),
    states: feeds.flatMap((feed) => feed.states),
    exchanges: latest(exchanges, ([id]) => id),
    cells: latest(
      feeds.flatMap((feed) => feed.cells),
      ([link, second]) => `${link} ${second}`,
    ),
    gone: [],
  };
}
