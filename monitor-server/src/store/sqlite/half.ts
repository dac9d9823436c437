import type {
  Call,
  Confidence,
  Connection,
  Counted,
  Extras,
  Fault,
  Identifiers,
  Outcome,
  Role,
} from '@soa-monitor/protocol';
import type { ConnectionEnds } from './connection-ends.ts';
import type { Key } from './exchange-key.ts';
import type { Process } from './processes.ts';
import type { LinkRecord, NodeRecord } from './register.ts';

export const ROLE_CLIENT = 1;
export const ROLE_SERVER = 0;

/** One side's record of one exchange, as the store holds it. Replaced, never changed: a `close` makes a new one. */
export interface Half {
  /** Key: key time of the start, and the order of storing within it. */
  readonly time: number;
  readonly seq: number;
  readonly process: Process;
  readonly exchangeNo: number;
  readonly role: Role;
  readonly call: StoredCall;
  readonly parentNo: number | null;
  readonly requestLast: number | null;
  readonly replyFirst: number | null;
  readonly replyLast: number | null;
  readonly end: number | null;
  readonly requestBytes: number;
  readonly replyBytes: number;
  /** Null while in flight. */
  readonly outcome: Outcome | null;
  readonly status: number;
  readonly fault: StoredFault | null;
  readonly connection: Connection | null;
  readonly ordinal: number | null;
  readonly ids: Identifiers | null;
  /** What few rows have. Captured bodies are not kept here. */
  readonly extras: Extras | null;
  /** Key time − the reporter's own time. */
  readonly offset: number;
  /** The key time is the time of receipt. */
  readonly placed: boolean;
  /** How many rows made it: an open and its close are two. */
  readonly parts: number;
  /** Its connection, once it was looked up (connections.ts). */
  line: Line | null | undefined;
  /** What its ids are found by, once they were made (evidence-uses.ts). */
  idKeys: readonly string[] | undefined;
}

export interface StoredCall {
  readonly number: number;
  readonly call: Call;
  /** Number of the operation's local name; UNKNOWN_OPERATION when it has none. */
  readonly operation: number;
}

/** The number of the empty name. */
export const UNKNOWN_OPERATION = 0;

export interface StoredFault {
  readonly number: number;
  readonly fault: Fault;
}

export type Evidence = 'messageId' | 'traceparent' | 'connection' | 'bodyHash';
/** The index is the code in the database: append only. */
export const EVIDENCE: readonly Evidence[] = ['messageId', 'traceparent', 'connection', 'bodyHash'];

/**
 * How sure each kind of evidence is. A connection is one thing with two ends; an id was made to be unique, and was seen to
 * be; that two equal bodies are one message is an inference from nobody else having sent the same.
 */
export const CONFIDENCE: { readonly [E in Evidence]: Confidence } = {
  connection: 'certain',
  messageId: 'high',
  traceparent: 'high',
  bodyHash: 'probable',
};

/** A request and its reply, seen from one side or from both. Lives in memory while something may still change it. */
export interface ExchangeRecord {
  /** The seq of the half that was seen first: the older of two has the lesser one. */
  readonly id: number;
  /** The key of that half. */
  readonly key: Key;
  client: Half | null;
  server: Half | null;
  evidence: Evidence | null;
  /** More than one other half would have fitted: it stays unjoined, unless better evidence comes. */
  ambiguous: boolean;
  /**
   * What was known of the two clocks when it was joined: see clock-pairs.ts. Kept with the exchange, so that it is placed
   * alike live and replayed. Null: nothing, or both halves are of one clock and need no shift.
   */
  clock: PlacedClock | null;
  /** Null while it waits to be attributed. */
  link: LinkRecord | null;
  /** The served half of the exchange that called this one. */
  parent: Key | null;
  /** The endpoint that the parent was served at, once it was looked up. */
  parentEndpoint: NodeRecord | null;
  /** When its first half came, by our clock. */
  receivedAt: number;
  lost: boolean;
  /** The client's half names a parent that is not stored yet, and it may still come. */
  orphan: boolean;
  /** One-sided, and another half may still join it. */
  isJoinable: boolean;
  /** The half by which it is found (join-index.ts); null when it is not. */
  soughtBy: Half | null;
  /** It waits for rivals of what may join it (late-joins.ts). */
  isHopeful: boolean;
  /** Among which it waits to be attributed (waiting-exchanges.ts). */
  waits: 'no' | 'fresh' | 'patient' | 'soon';
  /** Its other half, of which only the key is left: its stretch of time was dropped. */
  readonly expiredHalf: Key | null;
  /** What the row of the half that does not place it says: which half it points to, and on which link. */
  pointed: { readonly seq: number; readonly link: number | null } | null;
  /** What it adds to the figures as they stand; null: nothing. */
  contribution: Contribution | null;
  /** To be written with this commit. */
  isDirty: boolean;
  /** Stands in the feed: when it turns out to be no exchange of its own it must be taken out of it. */
  isTold: boolean;
  /** Of a half that this commit writes: how many rows of it the table has, 0 for a new one. Null: it is not written. */
  clientStored: number | null;
  serverStored: number | null;
}

/** No commit has anything to do with the record yet. */
export const UNTOUCHED = { contribution: null, isDirty: false, isTold: false, clientStored: null, serverStored: null };

/** Nothing waits for it, nor does it wait. */
export const AT_REST = { isJoinable: false, soughtBy: null, isHopeful: false, waits: 'no' } as const;

/** What an exchange adds to the figures. */
export interface Contribution {
  readonly link: LinkRecord;
  readonly operation: number;
  readonly start: number;
  readonly counted: Counted;
}

/**
 * One TCP connection. What its two ends report meets here, so a half is led to it once, by the text of its ends, and from
 * then on nothing is looked up by text.
 */
export interface Line {
  /** Both ends; of loopback ends also the host, for they mean something within one network stack only. */
  readonly key: string;
  readonly ends: ConnectionEnds;
  /** Of a local one. */
  readonly hostId: string;
  /** Who reported these ends last. */
  client: Process | null;
  server: Process | null;
  /** When each of them last claimed the address of its end (address-claims.ts). */
  clientClaimedAt: number;
  serverClaimedAt: number;
  /** As it is stored (address-table.ts), once it was asked for. */
  code: number | string | null;
  /** The ordinal of the latest request that was attributed one-sided; −1 for none. */
  oneSidedOrdinal: number;
  /** One-sided exchanges that another half may still join, by ordinal. Most have one: a set of its own would cost more than all the rest. */
  readonly joinable: Map<number, ExchangeRecord | Set<ExchangeRecord>>;
}

/** The half that says when the exchange began. */
export const firstHalf = (exchange: Pick<ExchangeRecord, 'client' | 'server'>): Half => {
  const half = exchange.client ?? exchange.server;
  if (half === null) throw new Error('an exchange without halves');
  return half;
};

export interface PlacedClock {
  /** The server's clock less the client's. */
  readonly offsetMicros: number;
  readonly uncertaintyMicros: number;
}

/** The start by the reporter's own clock. */
export const ownStart = (half: Half): number => half.time - half.offset;

/** What to add to the server's key times to have them in the client's; 0 when nothing is known. */
export function serverShiftOf(exchange: {
  readonly client: Pick<Half, 'offset'> | null;
  readonly server: Pick<Half, 'offset'> | null;
  readonly clock: PlacedClock | null;
}): number {
  const { client, server, clock } = exchange;
  return client === null || server === null || clock === null ? 0 : client.offset - server.offset - clock.offsetMicros;
}
