import type {
  Accounting,
  Comparison,
  Evidence,
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
  TrafficGroup,
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
   * marks exchanges in flight as lost whose reporter has been silent for `silentMicros`. Gives how many still wait. Where our
   * clock was set forward since the last time, all wait anew.
   */
  settle(
    now: number,
    waitMicros: number,
    silentMicros: number,
    isSetForward?: boolean,
  ): Promise<{ readonly waiting: number }>;
  /** Keeps the changes and shows them in the register and the feed. */
  recordStates(changes: readonly Omit<StateChange, 'version'>[]): Promise<void>;
  /** What each commit changed, in commit order. Returns the undo. */
  subscribe(listener: (committed: Committed) => void): () => void;

  read(query: ReplayQuery): Promise<Replay>;
  /** The same page in columns (protocol: columnar-page), in memory of its own. */
  replayPage(query: ReplayPageQuery): Promise<Uint8Array<ArrayBuffer>>;
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
  /** The changes of all nodes' states in a window, oldest first. */
  stateChanges(window: Window, cursor: string | null, limit: number): Promise<States>;
  /** Everything a new viewer needs: all nodes and links, cells of the last 60 s, exchanges in flight or just ended. */
  current(now: number): Promise<Committed>;
  /** Streams each exchange of the query once with both halves, newest first, in pages. Left early, it asks no further. */
  export(query: ExportQuery): AsyncIterable<readonly ExchangeDetail[]>;
  /** The same questions, read beside all others: what makes a file asks many, and nobody's answer waits for them. */
  readonly aside: Pick<Store, 'topology' | 'traffic' | 'node'>;
  /** A page of exchanges in the order of their places: what is stored in time is met once by going on behind the last place. */
  arrivals(query: ArrivalsQuery): Promise<Arrivals>;
  /** Where an exchange lies, for as long as it has this id. Null: no id of this store. */
  placeOf(id: string): ExchangePlace | null;

  /** The listeners to ping, with what their reporters said last. */
  processes(): Promise<readonly Process[]>;
  /** `now` tells which reporters have fallen silent. */
  accounting(now: number): Promise<Accounting>;

  view(id: string): Promise<{ readonly view: View; readonly etag: string } | null>;
  /** Null when `ifMatch` is given and no longer true. */
  putView(id: string, view: View, ifMatch: string | null): Promise<{ readonly etag: string } | null>;
  /** Last write wins per node; null takes the place away. */
  placeNode(id: string, node: string, place: Place | null): Promise<{ readonly etag: string }>;

  /**
   * Drops the stretches of time that ended before `before`, the oldest ones also while the store is larger than it may be,
   * and counts their rows as expired. What was folded from them stays as long as rollups are kept.
   */
  forget(before: number, more?: Omit<Limits, 'before'>): Promise<{ readonly expired: number }>;
  /** Integrity, and the facts against what is derived. Empty: all is well. */
  check(): Promise<readonly string[]>;
  /** Whether so much is queued that a report had better come later. */
  isBusy(): boolean;
  close(): Promise<void>;
}

/** How long what is kept, and how much. Times are epoch µs; what is not given goes with the observations. */
export interface Limits {
  readonly before: number;
  readonly bodiesBefore?: number;
  readonly rollupsBefore?: number;
  /** Null: no limit of size. */
  readonly bytesMax?: number | null;
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

export interface ReplayPageQuery extends ReplayQuery {
  /** Whether exchanges carry their ids. */
  readonly ids: boolean;
}

export interface TrafficQuery {
  readonly window: Window;
  readonly stepMicros: number;
  /** Whether each step carries its latency sketch. */
  readonly latency?: boolean;
  /** Told apart by this, so many groups at most, the busiest first; absent: one sum. */
  readonly groups?: { readonly by: TrafficGroup; readonly max: number };
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

export interface ExportQuery extends ExchangesQuery {
  /** Whether captured bodies come along. */
  readonly bodies: boolean;
}

/** Exchanges lie in the order of the time at which the half that was stored first began, then in that of storing. */
export interface ExchangePlace {
  /** Epoch µs. */
  readonly time: number;
  /** Ascends in the order of storing, over all exchanges. */
  readonly seq: number;
}

export interface ArrivalsQuery {
  /** What lies behind this place. */
  readonly after: ExchangePlace;
  /** Only what began before, epoch µs. */
  readonly before: number;
  /** Only what was stored after this seq, or is not attributed; null: all. */
  readonly storedAfter: number | null;
  /** These exchanges too, as they are now, beside the page. Those that are gone or merged into another are absent. */
  readonly again: readonly string[];
  readonly limit: number;
}

export interface Arrivals {
  readonly arrivals: readonly Arrival[];
  /** Those of `again`, in its order. */
  readonly again: readonly Arrival[];
  /** Of the page and of `again`: stored, and not attributed yet. */
  readonly unattributed: readonly string[];
  /** All that is stored up to this place was looked at: `after` where nothing lies behind it. */
  readonly cursor: ExchangePlace;
  /** Whether the page ended at one of its bounds. */
  readonly more: boolean;
  /** The seq of the newest record that this answer could see. A smaller one than was seen before is of another database. */
  readonly end: number;
}

export interface Arrival {
  readonly detail: ExchangeDetail;
  /** When its first row came. Null: not kept, since both halves are there. */
  readonly arrivedAt: number | null;
  /** What the nearest exchange above it in its transaction found as traceparent; null: none did. */
  readonly inheritedTraceparent: string | null;
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
  readonly commitTimes: CommitTimes;
}

/** Histograms of the writer's transactions since it began. */
export interface CommitTimes {
  readonly seconds: CountedValues;
  /** Requests in one transaction. */
  readonly requests: CountedValues;
}

/** Values by their size: `counts` has one more than `bounds` (each the upper end of its own), for what is beyond. */
interface CountedValues {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

export interface CountingStore extends Store {
  counts(): Promise<StoreCounts>;
  /** Rows of reports handed to the writer and not answered yet. */
  rowsInWork(): number;
}
