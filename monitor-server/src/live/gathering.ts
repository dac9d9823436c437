import type { CellTuple, ExchangeTuple, FeedItems, Link, Node, StateChange } from '@soa-monitor/protocol';

/** Gathers what several commits changed into one delta. Items are whole values in commit order, so the last of a key stands. */
export interface Gathering {
  add(items: FeedItems): void;
  isEmpty(): boolean;
  /** What was gathered, and begins anew. */
  take(): FeedItems;
}

export function createGathering(): Gathering {
  const nodes = new Map<string, Node>();
  const links = new Map<string, Link>();
  const exchanges = new Map<string, ExchangeTuple>();
  const cells = new Map<string, CellTuple>();
  const gone = new Map<string, FeedItems['gone'][number]>();
  const states: StateChange[] = [];
  const maps = [nodes, links, exchanges, cells, gone];
  return {
    add(items) {
      for (const node of items.nodes) nodes.set(node.id, node);
      for (const link of items.links) links.set(link.id, link);
      for (const exchange of items.exchanges) exchanges.set(exchange[0], exchange);
      for (const cell of items.cells) cells.set(`${cell[0]} ${cell[1]}`, cell);
      for (const item of items.gone) gone.set(item.id, item);
      states.push(...items.states);
    },
    isEmpty: () => states.length === 0 && maps.every((map) => map.size === 0),
    take() {
      const items: FeedItems = {
        nodes: [...nodes.values()],
        links: [...links.values()],
        states: states.splice(0),
        exchanges: [...exchanges.values()],
        cells: [...cells.values()],
        gone: [...gone.values()],
      };
      for (const map of maps) map.clear();
      return items;
    },
  };
}
