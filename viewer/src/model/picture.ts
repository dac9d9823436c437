import type { CellTuple, FeedItems, Link, Node, NodeState } from '@soa-monitor/protocol';
import { endOf, type SeenExchange, seenExchange, startOf } from './exchange.ts';
import { FIGURES_SECONDS } from './figures-at.ts';
import { createNewest } from './newest.ts';
import { createStateHistory, mergeNodes, type StateHistory } from './node-history.ts';

/**
 * What is known of the estate, folded from the feed. Items are absolute and the highest version of a key wins, so the
 * picture is the same for any order and any repetition of what was heard (within its bounds).
 */
export interface Picture {
  apply(items: FeedItems): Change;
  /** Drops cells and ended exchanges of before `time`, and takes no more of them. */
  forget(time: number): readonly string[];
  /**
   * Lets go what tells nothing of the moments from `from` to `to`: they stay right, others are not known any more. What is
   * let go is taken again when it comes again. Gives the exchanges that went.
   */
  narrow(from: number, to: number): readonly string[];
  /** Keeps only the exchanges that are wanted. Gives those that went. */
  thin(isWanted: (id: string) => boolean): readonly string[];
  nodes(): ReadonlyMap<string, Node>;
  links(): ReadonlyMap<string, Link>;
  exchange(id: string): SeenExchange | undefined;
  exchanges(): IterableIterator<SeenExchange>;
  /** Cells of a link by second. */
  cells(link: string): ReadonlyMap<number, CellTuple> | undefined;
  /** Rises when a cell of the link changes. */
  cellsRevision(link: string): number;
  stateAt(node: string, time: number): NodeState | null;
  /** Rises when a node or link appears or changes what it is. */
  topologyRevision(): number;
  counts(): Counts;
  /** How much is kept. */
  held(): Held;
}

export interface Held {
  readonly exchanges: number;
  readonly cells: number;
}

/** What one `apply` changed. */
export interface Change {
  readonly exchanges: readonly { readonly now: SeenExchange; readonly before: SeenExchange | undefined }[];
  readonly gone: readonly string[];
}

/** The picture's totals. Ended exchanges are exact (from cells); the exchanges held are the sampled ones. */
export interface Counts {
  readonly nodes: number;
  readonly links: number;
  readonly exchanges: number;
  readonly ended: number;
  readonly faults: number;
  readonly errors: number;
  /** Exchanges let go because there were more than the bound. */
  readonly dropped: number;
}

export interface PictureBounds {
  readonly exchangesMax: number;
}

export const LIVE_BOUNDS: PictureBounds = { exchangesMax: 60_000 };
export const REPLAY_BOUNDS: PictureBounds = { exchangesMax: 300_000 };
/** The live picture keeps so much of the past. */
export const LIVE_KEPT_MICROS = 600_000_000;

interface LinkCells {
  readonly bySecond: Map<number, CellTuple>;
  revision: number;
}

export function createPicture(bounds: PictureBounds): Picture {
  const nodes = new Map<string, Node>();
  const links = new Map<string, Link>();
  const histories = new Map<string, StateHistory>();
  const exchanges = createNewest<SeenExchange>();
  const cells = new Map<string, LinkCells>();
  let topologyRevision = 0;
  let dropped = 0;
  let cellsHeld = 0;
  let forgotten = Number.NEGATIVE_INFINITY;

  function historyOf(node: string): StateHistory {
    const history = histories.get(node) ?? createStateHistory();
    histories.set(node, history);
    return history;
  }

  function putNode(node: Node): void {
    const known = nodes.get(node.id);
    const merged = mergeNodes(known, node);
    nodes.set(node.id, merged);
    if (known === undefined || isOtherwise(known, merged)) topologyRevision++;
    // The record's own state is a change like others, of a version lower than any that was told by itself.
    if (node.state !== null) {
      historyOf(node.id).put({ version: -1, at: node.state.since, state: node.state.state, reason: node.state.reason });
    }
  }

  function putLink(link: Link): void {
    if (links.has(link.id)) return;
    links.set(link.id, link);
    topologyRevision++;
  }

  function putCell(cell: CellTuple): void {
    const [link, second, version] = cell;
    if ((second + 1) * 1_000_000 <= forgotten) return;
    const ofLink = cells.get(link) ?? { bySecond: new Map<number, CellTuple>(), revision: 0 };
    cells.set(link, ofLink);
    const known = ofLink.bySecond.get(second);
    if (version <= (known?.[2] ?? -1)) return;
    if (known === undefined) cellsHeld++;
    ofLink.bySecond.set(second, cell);
    ofLink.revision++;
  }

  function dropCells(isOutside: (second: number) => boolean): void {
    for (const ofLink of cells.values()) {
      for (const second of ofLink.bySecond.keys()) {
        if (!isOutside(second)) continue;
        ofLink.bySecond.delete(second);
        ofLink.revision++;
        cellsHeld--;
      }
    }
  }

  function dropOldest(): readonly string[] {
    // A tenth at a time: sorting is not for each delta.
    const count = exchanges.size - Math.floor(bounds.exchangesMax * 0.9);
    const oldest = [...exchanges.values()].sort((a, b) => startOf(a) - startOf(b)).slice(0, count);
    for (const exchange of oldest) exchanges.delete(exchange.id);
    dropped += oldest.length;
    return oldest.map((exchange) => exchange.id);
  }

  return {
    apply(items) {
      for (const node of items.nodes) putNode(node);
      for (const link of items.links) putLink(link);
      for (const change of items.states) historyOf(change.node).put(change);
      for (const cell of items.cells) putCell(cell);
      const gone: string[] = [];
      for (const { id, version } of items.gone) if (exchanges.bury(id, version)) gone.push(id);
      const changed: Change['exchanges'][number][] = [];
      for (const tuple of items.exchanges) {
        const now = seenExchange(tuple);
        if (endOf(now) < forgotten) continue;
        const before = exchanges.get(now.id);
        if (exchanges.put(now.id, now.version, now)) changed.push({ now, before });
      }
      if (exchanges.size > bounds.exchangesMax) gone.push(...dropOldest());
      return { exchanges: changed, gone };
    },
    forget(time) {
      forgotten = Math.max(forgotten, time);
      const gone: string[] = [];
      for (const exchange of exchanges.values()) if (endOf(exchange) < forgotten) gone.push(exchange.id);
      for (const id of gone) exchanges.delete(id);
      dropCells((second) => (second + 1) * 1_000_000 <= forgotten);
      return gone;
    },
    narrow(from, to) {
      const gone: string[] = [];
      for (const exchange of exchanges.values()) {
        if (endOf(exchange) < from || startOf(exchange) > to) gone.push(exchange.id);
      }
      for (const id of gone) exchanges.delete(id);
      const [firstSecond, lastSecond] = [Math.floor(from / 1_000_000) - FIGURES_SECONDS, Math.floor(to / 1_000_000)];
      dropCells((second) => second < firstSecond || second > lastSecond);
      for (const history of histories.values()) history.narrow(from, to);
      return gone;
    },
    thin(isWanted) {
      const gone = [...exchanges.values()].map(({ id }) => id).filter((id) => !isWanted(id));
      for (const id of gone) exchanges.delete(id);
      return gone;
    },
    nodes: () => nodes,
    links: () => links,
    exchange: (id) => exchanges.get(id),
    exchanges: () => exchanges.values(),
    cells: (link) => cells.get(link)?.bySecond,
    cellsRevision: (link) => cells.get(link)?.revision ?? 0,
    stateAt: (node, time) => histories.get(node)?.at(time) ?? null,
    topologyRevision: () => topologyRevision,
    held: () => ({ exchanges: exchanges.size, cells: cellsHeld }),
    counts() {
      let [ended, faults, errors] = [0, 0, 0];
      for (const ofLink of cells.values()) {
        for (const cell of ofLink.bySecond.values()) {
          ended += cell[3];
          faults += cell[4];
          errors += cell[5];
        }
      }
      return { nodes: nodes.size, links: links.size, exchanges: exchanges.size, ended, faults, errors, dropped };
    },
  };
}

/** Whether the map would have to be drawn otherwise. */
const isOtherwise = (a: Node, b: Node): boolean =>
  a.kind !== b.kind || a.name !== b.name || a.parent !== b.parent || a.monitored !== b.monitored;
