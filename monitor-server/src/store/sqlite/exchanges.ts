import type { Counted, ExchangeTuple, FeedItems } from '@soa-monitor/protocol';
import type { AttemptTable } from './attempt-table.ts';
import type { LiveCells } from './cells.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { ExchangeTable } from './exchange-table.ts';
import type { Facts } from './facts.ts';
import { foldExchange, tupleOf } from './fold-exchange.ts';
import { type ExchangeRecord, type Half, serverShiftOf, UNKNOWN_OPERATION } from './half.ts';
import type { LongExchanges } from './long-exchanges.ts';
import type { Process } from './processes.ts';
import type { LinkRecord } from './register.ts';
import type { Rollups } from './rollups.ts';

/**
 * The exchanges that a commit works on. Changes are made on the records in memory and written once, at the end of the
 * commit, together with what they change in the figures: the old contribution is taken out, the new one put in.
 */
export interface Exchanges {
  get(id: number): ExchangeRecord | null;
  ofRecord(process: Process, exchangeNo: number): ExchangeRecord | null;
  begin(half: Half, receivedAt: number): ExchangeRecord;
  /** Gives the exchange this half: a new one, or one that completes the half it had. */
  put(exchange: ExchangeRecord, half: Half, isNew: boolean): void;
  setParent(exchange: ExchangeRecord, parent: number): void;
  /** The survivor takes the halves, children and parent of the other, whose id is gone. */
  merge(survivor: ExchangeRecord, other: ExchangeRecord): void;
  /** Drops the exchange and its halves, and takes it out of the figures. Gives how many rows that were. */
  remove(exchange: ExchangeRecord): number;
  changed(exchange: ExchangeRecord): void;
  /** Keeps a record that was loaded in memory until `flush` finds it settled. */
  hold(exchange: ExchangeRecord): ExchangeRecord;
  flush(version: number, isSettled: (exchange: ExchangeRecord) => boolean): Pick<FeedItems, 'exchanges' | 'gone'>;
  /** Lets go of a record that nothing can change by itself any more. */
  release(exchange: ExchangeRecord): void;
  readonly inMemory: number;
}

interface Parts {
  readonly facts: Facts;
  readonly table: ExchangeTable;
  readonly attempts: AttemptTable;
  readonly rollups: Rollups;
  readonly cells: LiveCells;
  readonly long: LongExchanges;
  readonly dictionaries: Dictionaries;
  readonly nextId: () => number;
}

/** What an exchange adds to the figures. */
interface Contribution {
  readonly link: LinkRecord;
  readonly operation: number;
  readonly start: number;
  readonly counted: Counted;
}

export function createExchanges({
  facts,
  table,
  attempts,
  rollups,
  cells,
  long,
  dictionaries,
  nextId,
}: Parts): Exchanges {
  const byId = new Map<number, ExchangeRecord>();
  const byRecord = new Map<number, Map<number, ExchangeRecord>>();
  const contributions = new Map<number, Contribution | null>();
  const dirty = new Set<ExchangeRecord>();
  const dirtyHalves = new Map<number, { half: Half; exchange: ExchangeRecord; isNew: boolean }>();
  /** Read from the table for this commit; most have nothing left to wait for. */
  const loaded = new Set<ExchangeRecord>();
  let gone: number[] = [];
  /** Stand in the feed: what turns out to be no exchange of its own must be taken out of it. */
  const told = new Set<number>();

  const index = (half: Half | null, exchange: ExchangeRecord): void => {
    if (half === null) return;
    const ofProcess = byRecord.get(half.process.number) ?? new Map<number, ExchangeRecord>();
    byRecord.set(half.process.number, ofProcess);
    ofProcess.set(half.exchangeNo, exchange);
  };
  const unindex = (half: Half | null, exchange: ExchangeRecord): void => {
    if (half === null) return;
    const ofProcess = byRecord.get(half.process.number);
    if (ofProcess?.get(half.exchangeNo) !== exchange) return;
    ofProcess.delete(half.exchangeNo);
    if (ofProcess.size === 0) byRecord.delete(half.process.number);
  };
  const hold = (exchange: ExchangeRecord): ExchangeRecord => {
    const known = byId.get(exchange.id);
    if (known !== undefined) return known;
    byId.set(exchange.id, exchange);
    loaded.add(exchange);
    contributions.set(exchange.id, contributionOf(exchange));
    if (exchange.link !== null && !isAttempt(exchange)) told.add(exchange.id);
    index(exchange.client, exchange);
    index(exchange.server, exchange);
    return exchange;
  };
  const get = (id: number): ExchangeRecord | null => {
    const known = byId.get(id);
    if (known !== undefined) return known;
    const loaded = table.load(id);
    return loaded === null ? null : hold(loaded);
  };
  const count = (id: number, contribution: Contribution | null, times: 1 | -1): void => {
    if (contribution === null) return;
    const { link, operation, start, counted } = contribution;
    rollups.count(link.number, operation, start, counted, times);
    cells.count(link, start, counted, times);
    long.count(id, start, counted.durationMicros, times);
  };
  const recount = (id: number, next: Contribution | null): void => {
    const previous = contributions.get(id) ?? null;
    if (isSame(previous, next)) return;
    count(id, previous, -1);
    count(id, next, 1);
    contributions.set(id, next);
  };
  const putHalf = (half: Half, exchange: ExchangeRecord, isNew: boolean): void => {
    const before = dirtyHalves.get(half.seq);
    dirtyHalves.set(half.seq, { half, exchange, isNew: before?.isNew ?? isNew });
  };
  const drop = (exchange: ExchangeRecord): void => {
    byId.delete(exchange.id);
    contributions.delete(exchange.id);
    told.delete(exchange.id);
    dirty.delete(exchange);
    unindex(exchange.client, exchange);
    unindex(exchange.server, exchange);
  };
  const setParent = (exchange: ExchangeRecord, parent: number): void => {
    exchange.parent = parent;
    table.addChild(parent, exchange.id);
    dirty.add(exchange);
  };

  return {
    get,
    ofRecord(process, exchangeNo) {
      const known = byRecord.get(process.number)?.get(exchangeNo);
      if (known !== undefined) return known;
      if (exchangeNo > process.exchangeNoMax) return null;
      const id = facts.exchangeOf(process.number, exchangeNo);
      return id === null ? null : get(id);
    },
    begin(half, receivedAt) {
      const exchange: ExchangeRecord = {
        id: nextId(),
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
      };
      byId.set(exchange.id, exchange);
      contributions.set(exchange.id, null);
      this.put(exchange, half, true);
      return exchange;
    },
    put(exchange, half, isNew) {
      if (half.role === 'client') exchange.client = half;
      else exchange.server = half;
      half.process.exchangeNoMax = Math.max(half.process.exchangeNoMax, half.exchangeNo);
      index(half, exchange);
      putHalf(half, exchange, isNew);
      dirty.add(exchange);
    },
    setParent,
    merge(survivor, other) {
      for (const half of [other.client, other.server]) if (half !== null) this.put(survivor, half, false);
      if (other.parent !== null && survivor.parent === null) setParent(survivor, other.parent);
      survivor.lost = survivor.lost && other.lost;
      for (const child of table.moveChildren(other.id, survivor.id)) {
        const record = get(child);
        if (record === null) continue;
        record.parent = survivor.id;
        dirty.add(record);
      }
      recount(other.id, null);
      drop(other);
      table.remove(other.id);
      table.merge(other.id, survivor.id);
      gone.push(other.id);
      dirty.add(survivor);
    },
    remove(exchange) {
      let rows = 0;
      recount(exchange.id, null);
      drop(exchange);
      for (const half of [exchange.client, exchange.server]) {
        if (half === null) continue;
        dirtyHalves.delete(half.seq);
        facts.remove(half);
        attempts.remove(half);
        half.process.expired += half.parts;
        rows += half.parts;
      }
      table.remove(exchange.id);
      return rows;
    },
    changed: (exchange) => void dirty.add(exchange),
    hold,
    flush(version, isSettled) {
      for (const { half, exchange, isNew } of dirtyHalves.values()) {
        if (isNew) facts.add(half, exchange.id);
        else facts.update(half, exchange.id);
        attempts.add(half);
      }
      dirtyHalves.clear();
      const tuples: ExchangeTuple[] = [];
      const written = [...dirty];
      dirty.clear();
      for (const exchange of written) {
        recount(exchange.id, contributionOf(exchange));
        table.write(exchange);
        if (isAttempt(exchange)) {
          if (told.delete(exchange.id)) gone.push(exchange.id);
        } else if (exchange.link !== null) {
          tuples.push(shown(exchange, exchange.link, version));
          told.add(exchange.id);
        }
        if (isSettled(exchange)) drop(exchange);
      }
      for (const exchange of loaded) if (isSettled(exchange)) drop(exchange);
      loaded.clear();
      const left = gone.map((id) => ({ id: String(id), version }));
      gone = [];
      return { exchanges: tuples, gone: left };
    },
    release(exchange) {
      if (!dirty.has(exchange)) drop(exchange);
    },
    get inMemory() {
      return byId.size;
    },
  };

  function shown(exchange: ExchangeRecord, link: LinkRecord, version: number): ExchangeTuple {
    const folded = foldExchange(exchange.client, exchange.server, exchange.lost, serverShiftOf(exchange));
    const operation = dictionaries.operationName(operationOf(exchange));
    return tupleOf(String(exchange.id), version, link.id, operation, folded, exchange.lost);
  }
}

function contributionOf(exchange: ExchangeRecord): Contribution | null {
  if (exchange.link === null) return null;
  const { start, counted } = foldExchange(exchange.client, exchange.server, exchange.lost);
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
