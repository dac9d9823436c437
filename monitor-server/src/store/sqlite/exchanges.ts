import type { FeedItems } from '@soa-monitor/protocol';
import type { AttemptTable } from './attempt-table.ts';
import type { LiveCells } from './cells.ts';
import type { Dictionaries } from './dictionaries.ts';
import { idOf, type Key } from './exchange-key.ts';
import type { ExchangeTable } from './exchange-table.ts';
import type { Facts } from './facts.ts';
import { type FoldedExchange, foldExchange } from './fold-exchange.ts';
import {
  type Contribution,
  type ExchangeRecord,
  firstHalf,
  type Half,
  serverShiftOf,
  UNKNOWN_OPERATION,
} from './half.ts';
import type { LongExchanges } from './long-exchanges.ts';
import { createExchangePacking, type PackedExchanges } from './packed-exchanges.ts';
import type { Partition, Partitions } from './partitions.ts';
import type { Process } from './processes.ts';
import { createRecentRecords, NONE } from './recent-records.ts';
import type { Rollups } from './rollups.ts';
import { createSeqTable } from './seq-table.ts';

/**
 * The exchanges that a commit works on. Changes are made on the records in memory and written once, at the end of the
 * commit, together with what they change in the figures: the old contribution is taken out, the new one put in.
 */
export interface Exchanges {
  ofRecord(process: Process, exchangeNo: number): ExchangeRecord | null;
  begin(half: Half, receivedAt: number): ExchangeRecord;
  /** Gives the exchange this half: a new one, or one that completes the half it had. */
  put(exchange: ExchangeRecord, half: Half, isNew: boolean): void;
  /** `parent` is the served half of the exchange that called this one. */
  setParent(exchange: ExchangeRecord, parent: Half): void;
  /** The survivor takes the halves and the parent of the other, whose id is gone. */
  merge(survivor: ExchangeRecord, other: ExchangeRecord): void;
  /** Lets go of what lies in a stretch that is dropped. The figures stay. */
  forget(partition: Partition): readonly ExchangeRecord[];
  changed(exchange: ExchangeRecord): void;
  /** Keeps a record that was loaded in memory until `flush` finds it settled. */
  hold(exchange: ExchangeRecord): ExchangeRecord;
  flush(
    version: number,
    isSettled: (exchange: ExchangeRecord) => boolean,
  ): { readonly told: PackedExchanges; readonly gone: FeedItems['gone'] };
  /** Lets go of a record that nothing can change by itself any more. */
  release(exchange: ExchangeRecord): void;
  readonly inMemory: number;
}

interface Parts {
  readonly facts: Facts;
  readonly table: ExchangeTable;
  readonly partitions: Partitions;
  readonly attempts: AttemptTable;
  readonly rollups: Rollups;
  readonly cells: LiveCells;
  readonly long: LongExchanges;
  readonly dictionaries: Dictionaries;
}

export function createExchanges({
  facts,
  table,
  partitions,
  attempts,
  rollups,
  cells,
  long,
  dictionaries,
}: Parts): Exchanges {
  /** By its id, and by the seq of each of its halves. */
  const bySeq = createSeqTable<ExchangeRecord>();
  let inMemory = 0;
  let dirty: ExchangeRecord[] = [];
  const recent = createRecentRecords((seq) => bySeq.get(seq) !== undefined);
  for (const { process, exchange_no, ...key } of table.newest(RESUMED_MAX)) recent.saw(process, exchange_no, key);
  /** Read from the table for this commit; most have nothing left to wait for. */
  const loaded = new Set<ExchangeRecord>();
  let gone: string[] = [];
  const packing = createExchangePacking(dictionaries.operationName);

  const touch = (exchange: ExchangeRecord): void => {
    if (exchange.isDirty) return;
    exchange.isDirty = true;
    dirty.push(exchange);
  };
  const index = (half: Half | null, exchange: ExchangeRecord): void => {
    if (half !== null) bySeq.set(half.seq, exchange);
  };
  const unindex = (half: Half | null, exchange: ExchangeRecord): void => {
    if (half !== null) bySeq.remove(half.seq, exchange);
  };
  const enter = (exchange: ExchangeRecord): void => {
    bySeq.set(exchange.id, exchange);
    inMemory++;
  };
  const hold = (exchange: ExchangeRecord): ExchangeRecord => {
    const known = bySeq.get(exchange.id);
    if (known !== undefined) return known;
    enter(exchange);
    loaded.add(exchange);
    exchange.contribution = exchange.link === null ? null : contributionOf(exchange, foldOf(exchange));
    exchange.isTold = exchange.link !== null && !isAttempt(exchange);
    for (const half of [exchange.client, exchange.server]) {
      if (half === null) continue;
      index(half, exchange);
      const { process, exchangeNo } = half;
      if (recent.seqOf(process.number, exchangeNo) === NONE) recent.saw(process.number, exchangeNo, half);
    }
    return exchange;
  };
  const load = (key: Key): ExchangeRecord | null => {
    const known = bySeq.get(key.seq);
    if (known !== undefined) return known;
    const loaded = table.load(key);
    return loaded === null ? null : hold(loaded);
  };
  const count = (id: number, contribution: Contribution | null, times: 1 | -1): void => {
    if (contribution === null) return;
    const { link, operation, start, counted } = contribution;
    rollups.count(link.number, operation, start, counted, times);
    cells.count(link, start, counted, times);
    long.count(id, start, counted.durationMicros, times);
  };
  const recount = (exchange: ExchangeRecord, next: Contribution | null): void => {
    if (isSame(exchange.contribution, next)) return;
    count(exchange.id, exchange.contribution, -1);
    count(exchange.id, next, 1);
    exchange.contribution = next;
  };
  const drop = (exchange: ExchangeRecord): void => {
    if (bySeq.get(exchange.id) === exchange) inMemory--;
    bySeq.remove(exchange.id, exchange);
    // Whatever list of this commit still has it passes it over.
    exchange.isDirty = false;
    unindex(exchange.client, exchange);
    unindex(exchange.server, exchange);
  };
  /** Writes the halves that came or changed, and what the rows of the others say of the exchange where that is another now. */
  const writeHalves = (exchange: ExchangeRecord): void => {
    const first = firstHalf(exchange);
    if (exchange.client !== null) writeHalf(exchange, exchange.client, exchange.clientStored, first);
    if (exchange.server !== null) writeHalf(exchange, exchange.server, exchange.serverStored, first);
    exchange.clientStored = null;
    exchange.serverStored = null;
    const isJoined = exchange.client !== null && exchange.server !== null;
    exchange.pointed = isJoined ? { seq: first.seq, link: exchange.link?.number ?? null } : null;
  };
  const writeHalf = (exchange: ExchangeRecord, half: Half, stored: number | null, first: Half): void => {
    if (stored === null) {
      if (half === first || !isPointed(exchange, first)) facts.refer(half, exchange);
      return;
    }
    if (stored === 0) facts.add(half, exchange);
    else facts.update(half, exchange);
    partitions.wrote(partitions.of(half.time), half.process.number, half.parts - stored, stored === 0);
    attempts.add(half);
  };

  return {
    ofRecord(process, exchangeNo) {
      const seq = recent.seqOf(process.number, exchangeNo);
      if (seq === NONE) return null;
      const known = bySeq.get(seq);
      if (known !== undefined) return known;
      const key = recent.find(process.number, exchangeNo);
      return key === null ? null : load(key);
    },
    begin(half, receivedAt) {
      const exchange: ExchangeRecord = {
        id: half.seq,
        key: half,
        client: null,
        server: null,
        evidence: null,
        ambiguous: false,
        clock: null,
        link: null,
        parent: null,
        parentEndpoint: null,
        receivedAt,
        lost: false,
        orphan: false,
        isJoinable: false,
        soughtBy: null,
        isHopeful: false,
        waits: 'no',
        expiredHalf: null,
        pointed: null,
        contribution: null,
        isDirty: false,
        isTold: false,
        clientStored: null,
        serverStored: null,
      };
      enter(exchange);
      this.put(exchange, half, true);
      return exchange;
    },
    put(exchange, half, isNew) {
      if (half.role === 'client') {
        exchange.clientStored ??= isNew ? 0 : (exchange.client ?? half).parts;
        exchange.client = half;
      } else {
        exchange.serverStored ??= isNew ? 0 : (exchange.server ?? half).parts;
        exchange.server = half;
      }
      if (isNew) recent.saw(half.process.number, half.exchangeNo, half);
      index(half, exchange);
      touch(exchange);
    },
    setParent(exchange, parent) {
      exchange.parent = { time: parent.time, seq: parent.seq };
      if (exchange.client !== null) table.addChild(parent, exchange.client);
      touch(exchange);
    },
    merge(survivor, other) {
      recount(other, null);
      drop(other);
      if (other.client !== null) {
        survivor.client = other.client;
        survivor.clientStored = other.clientStored;
        index(other.client, survivor);
      }
      if (other.server !== null) {
        survivor.server = other.server;
        survivor.serverStored = other.serverStored;
        index(other.server, survivor);
      }
      if (survivor.parent === null) survivor.parent = other.parent;
      survivor.lost = survivor.lost && other.lost;
      survivor.pointed = null;
      gone.push(idOf(other.key));
      touch(survivor);
    },
    forget({ from, to }) {
      long.forget(from, to);
      const isGone = (half: Half | null): boolean => half !== null && half.time >= from && half.time < to;
      const lost: ExchangeRecord[] = [];
      for (const [seq, exchange] of bySeq.entries())
        if (seq === exchange.id && (isGone(exchange.client) || isGone(exchange.server))) lost.push(exchange);
      for (const exchange of lost) drop(exchange);
      return lost;
    },
    changed: touch,
    hold,
    flush(version, isSettled) {
      const written = dirty;
      dirty = [];
      for (const exchange of written) {
        if (!exchange.isDirty) continue;
        exchange.isDirty = false;
        const { link } = exchange;
        const folded = link === null ? null : foldOf(exchange);
        recount(exchange, folded === null ? null : contributionOf(exchange, folded));
        writeHalves(exchange);
        if (isAttempt(exchange)) {
          if (exchange.isTold) gone.push(idOf(exchange.key));
          exchange.isTold = false;
        } else if (link !== null && folded !== null) {
          packing.add(exchange.key, link, operationOf(exchange), folded, exchange.lost);
          exchange.isTold = true;
        }
        if (isSettled(exchange)) drop(exchange);
      }
      for (const exchange of loaded) if (isSettled(exchange)) drop(exchange);
      loaded.clear();
      const left = gone.map((id) => ({ id, version }));
      gone = [];
      return { told: packing.take(version), gone: left };
    },
    release(exchange) {
      if (!exchange.isDirty) drop(exchange);
    },
    get inMemory() {
      return inMemory;
    },
  };
}

/** Records whose place is read back at start, at most. */
const RESUMED_MAX = 100_000;

/** The row of the half that does not place the exchange leads to the one that does, and says its link. */
const isPointed = ({ pointed, link }: ExchangeRecord, first: Half): boolean =>
  pointed !== null && pointed.seq === first.seq && pointed.link === (link?.number ?? null);

const foldOf = (exchange: ExchangeRecord): FoldedExchange<Half> =>
  foldExchange(exchange.client, exchange.server, exchange.lost, serverShiftOf(exchange));

function contributionOf(exchange: ExchangeRecord, { start, counted }: FoldedExchange<Half>): Contribution | null {
  // What its other half has decided was counted when that was there.
  if (exchange.link === null || (exchange.client === null && exchange.expiredHalf !== null)) return null;
  return counted === null ? null : { link: exchange.link, operation: operationOf(exchange), start, counted };
}

/** An HTTP round after which its message was sent again: kept and joined, but it is no exchange to count or to show. */
const isAttempt = ({ client }: ExchangeRecord): boolean => client?.outcome === 'attempt';

/** The client names the operation, unless only the server could read it. */
export function operationOf({ client, server }: Pick<ExchangeRecord, 'client' | 'server'>): number {
  if (client !== null && (client.call.operation !== UNKNOWN_OPERATION || server === null)) return client.call.operation;
  return server?.call.operation ?? UNKNOWN_OPERATION;
}

const isSame = (a: Contribution | null, b: Contribution | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.link === b.link &&
    a.operation === b.operation &&
    a.start === b.start &&
    a.counted.outcome === b.counted.outcome &&
    a.counted.durationMicros === b.counted.durationMicros &&
    a.counted.requestBytes === b.counted.requestBytes &&
    a.counted.replyBytes === b.counted.replyBytes);
