import type {
  Accounting,
  Comparison,
  Evidence,
  Exchange,
  ExchangeDetail,
  Exchanges,
  FeedItems,
  Level,
  Links,
  Listener,
  Node,
  NodeProcesses,
  Nodes,
  Outcome,
  Picture,
  Place,
  Replay,
  Report,
  StateChange,
  States,
  Topology,
  Traffic,
  Transaction,
  View,
  Window,
} from '@soa-monitor/protocol';

/**
 * What the server asks of a store: whole operations, never a shared transaction. Times are epoch µs. Every promise rejects
 * only for a broken promise of the store itself (disk full, corruption); expected outcomes are values.
 */
export interface Store {
  /**
   * Stores the rows, joins halves, folds figures and registers nodes, in one durable commit; resolves after it.
   * Idempotent by (reporter, rowSeq): a repeat is acknowledged and changes nothing.
   */
  append(report: Report, receipt: Receipt): Promise<Appended>;
  /**
   * Attributes the halves that have waited `waitMicros` for their other half to a bare address or an outside node, and
   * marks exchanges in flight as lost whose reporter has been silent for `silentMicros`. Gives how many still wait.
   */
  settle(now: number, waitMicros: number, silentMicros: number): Promise<{ readonly waiting: number }>;
  /** Keeps the changes and shows them in the register and the feed. */
  recordStates(changes: readonly Omit<StateChange, 'version'>[]): Promise<void>;
  /** What each commit changed, in commit order. Returns the undo. */
  subscribe(listener: (committed: Committed) => void): () => void;

  read(query: ReplayQuery): Promise<Replay>;
  picture(at: number): Promise<Picture>;
  topology(window: Window, level: Level): Promise<Topology>;
  traffic(query: TrafficQuery): Promise<Traffic>;
  exchanges(query: ExchangesQuery): Promise<Exchanges>;
  exchange(id: string): Promise<ExchangeDetail | null>;
  transaction(id: string): Promise<Transaction | null>;
  compare(window: Window, window2: Window, level: Level): Promise<Comparison>;
  nodes(cursor: string | null, limit: number): Promise<Nodes>;
  links(cursor: string | null, limit: number): Promise<Links>;
  node(id: string): Promise<Node | null>;
  /** The processes that report as this node, the last heard first, and what became of their rows. Null: no such node. */
  nodeProcesses(id: string, now: number): Promise<NodeProcesses | null>;
  states(node: string, window: Window, cursor: string | null, limit: number): Promise<States>;
  /** Everything a new viewer needs: all nodes and links, cells of the last 60 s, exchanges in flight or just ended. */
  current(now: number): Promise<Committed>;
  /** Streams each exchange of the query once, newest first, in pages. */
  export(query: ExchangesQuery): AsyncIterable<readonly Exchange[]>;

  /** The listeners to ping, with what their reporters said last. */
  processes(): Promise<readonly Process[]>;
  /** `now` tells which reporters have fallen silent. */
  accounting(now: number): Promise<Accounting>;

  view(id: string): Promise<{ readonly view: View; readonly etag: string } | null>;
  /** Null when `ifMatch` is given and no longer true. */
  putView(id: string, view: View, ifMatch: string | null): Promise<{ readonly etag: string } | null>;
  /** Last write wins per node; null takes the place away. */
  placeNode(id: string, node: string, place: Place | null): Promise<{ readonly etag: string }>;

  /** Drops what is older than `before` and counts it as expired. */
  forget(before: number): Promise<{ readonly expired: number }>;
  /** Integrity, and the facts against what is derived. Empty: all is well. */
  check(): Promise<readonly string[]>;
  /** Whether so much is queued that a report had better come later. */
  isBusy(): boolean;
  close(): Promise<void>;
}

/** What became of a report. */
export interface Appended {
  /** Its rows that are stored, now or before. */
  readonly acknowledged: number;
  readonly wishes: Wishes;
}

/** For which calls the reporter should hash the body from now on, because nothing cheaper joins them. */
export interface Wishes {
  /** host:port as called. */
  readonly bodyHash: readonly string[];
  /** Those that it serves. */
  readonly servedHash: boolean;
}

/** When and from where a report came. */
export interface Receipt {
  readonly receivedAt: number;
  /** The sender's IP, plain (no IPv4 mapping). */
  readonly remoteAddress: string;
}

/** What one commit changed: whole values, each with `version` = commitSeq where it has one. */
export interface Committed {
  readonly commitSeq: number;
  readonly feed: FeedItems;
}

/** A reporting process, as it last described itself. */
export interface Process {
  readonly reporter: string;
  readonly server: string;
  readonly machine: string;
  readonly name: string;
  readonly listeners: readonly Listener[];
  readonly advertised: string | null;
  /** The address its reports come from, and whether that is loopback. */
  readonly remoteAddress: string;
  readonly lastReportAt: number;
  readonly closing: boolean;
  /** receivedAt − sentAt at its best, µs: its clock is behind ours by so much. */
  readonly clockOffsetMicros: number;
  readonly soapVersion: '1.1' | '1.2';
}

export interface ReplayQuery {
  readonly window: Window;
  readonly cursor: string | null;
  readonly limit: number;
  readonly sample: number;
}

export interface TrafficQuery {
  readonly window: Window;
  readonly stepMicros: number;
  readonly node: string | null;
  readonly link: string | null;
  readonly operation: string | null;
}

export interface ExchangesQuery {
  readonly window: Window;
  readonly node: string | null;
  readonly link: string | null;
  readonly operation: string | null;
  /** One of these; null: any. */
  readonly outcome: Outcome | readonly Outcome[] | null;
  readonly minDurationMicros: number | null;
  readonly maxDurationMicros?: number;
  /** Seen from both sides, or from this one only. */
  readonly halves?: 'both' | 'client' | 'server';
  readonly evidence?: Evidence;
  /** Newest first unless given. */
  readonly order?: 'newest' | 'oldest';
  /** A fault code, as a prefix of the code or its local name. */
  readonly fault: string | null;
  /** In names, fault reasons and message ids, without regard to case; or an exchange's or transaction's id. */
  readonly text: string | null;
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a store has in work, and what its bounds made it give up: for /metrics. Counted since it was opened. */
export interface StoreCounts {
  /** Exchanges not shown yet: they wait for their other half or their parent. */
  readonly waiting: number;
  /** One-sided exchanges that a late half may still join. */
  readonly joinable: number;
  readonly inMemory: number;
  /** Shown or let go before their time because too many waited. */
  readonly evicted: number;
  /** Times that a name was told as "(other)". */
  readonly foldedNames: number;
  /** Gaps in the row numbers of a reporter that were closed because there were too many. */
  readonly closedGaps: number;
  readonly commits: number;
}

export interface CountingStore extends Store {
  counts(): Promise<StoreCounts>;
}
