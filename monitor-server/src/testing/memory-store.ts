import type { Accounting, FeedItems, Node, Report, StateChange } from '@soa-monitor/protocol';
import type { Committed, Process, Receipt, Store, Wishes } from '../store/store.ts';

export const noItems: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };

export const noRows: Accounting = {
  observed: 0,
  acknowledged: 0,
  refused: 0,
  inTransit: 0,
  queued: 0,
  dropped: 0,
  stored: 0,
  expired: 0,
  difference: 0,
  droppedByReason: {},
  gaps: 0,
  reporters: [],
};

/** A store that keeps nothing but what a test looks at: for the rooms around the store, not for what a store answers. */
export interface MemoryStore extends Store {
  readonly appended: { readonly report: Report; readonly receipt: Receipt }[];
  readonly recorded: Omit<StateChange, 'version'>[];
  readonly register: Map<string, Node>;
  commit(feed: Partial<FeedItems>): void;
  processList: Process[];
  isBusyNow: boolean;
  failAppend: Error | null;
  figures: Accounting;
  wishes: Wishes;
}

export function createMemoryStore(): MemoryStore {
  const listeners = new Set<(committed: Committed) => void>();
  const register = new Map<string, Node>();
  let commitSeq = 0;
  const never = (): never => {
    throw new Error('the memory store answers no queries');
  };
  const store: MemoryStore = {
    appended: [],
    recorded: [],
    register,
    processList: [],
    isBusyNow: false,
    failAppend: null,
    figures: noRows,
    wishes: { bodyHash: [], servedHash: false },
    commit(feed) {
      commitSeq += 1;
      for (const node of feed.nodes ?? []) register.set(node.id, node);
      for (const listener of listeners) listener({ commitSeq, feed: { ...noItems, ...feed } });
    },
    async append(report, receipt) {
      if (store.failAppend) throw store.failAppend;
      store.appended.push({ report, receipt });
      return { acknowledged: report.rows.length, wishes: store.wishes };
    },
    stateChanges: never,
    settle: async () => ({ waiting: 0 }),
    async recordStates(changes) {
      store.recorded.push(...changes);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    current: async () => ({ commitSeq, feed: { ...noItems, nodes: [...register.values()] } }),
    nodes: async () => ({ nodes: [...register.values()], cursor: null }),
    links: never,
    node: async (id) => register.get(id) ?? null,
    nodeProcesses: never,
    processes: async () => store.processList,
    accounting: async () => store.figures,
    isBusy: () => store.isBusyNow,
    close: async () => {},
    read: never,
    replayPage: never,
    picture: never,
    topology: never,
    traffic: never,
    exchanges: never,
    exchange: never,
    transaction: never,
    compare: never,
    states: never,
    export: never,
    arrivals: never,
    placeOf: () => null,
    view: never,
    putView: never,
    placeNode: never,
    forget: never,
    check: never,
  };
  return store;
}
