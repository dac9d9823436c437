import type { Database } from 'better-sqlite3';
import type { Facts } from './facts.ts';
import { EVIDENCE, type ExchangeRecord, type PlacedClock } from './half.ts';
import type { Register } from './register.ts';

/** The rows of exchanges: which halves, joined by what, on which link, called by which other exchange. */
export interface ExchangeTable {
  load(id: number): ExchangeRecord | null;
  write(exchange: ExchangeRecord): void;
  remove(id: number): void;
  /** From now on the old id leads to the survivor. */
  merge(old: number, survivor: number): void;
  survivorOf(id: number): number;
  addChild(parent: number, child: number): void;
  moveChildren(from: number, to: number): readonly number[];
  /** Those that something may still change by itself: waiting, in flight, or looking for a parent. */
  pending(limit: number): readonly ExchangeRecord[];
  /** One-sided ones whose half came since then, oldest first. */
  oneSidedSince(receivedAt: number, limit: number): readonly ExchangeRecord[];
}

interface ExchangeRow {
  readonly id: number;
  readonly client_time: number | null;
  readonly client_seq: number | null;
  readonly server_time: number | null;
  readonly server_seq: number | null;
  readonly evidence: number | null;
  readonly ambiguous: number;
  readonly link: number | null;
  readonly parent: number | null;
  readonly received_at: number;
  readonly lost: number;
  readonly pending: number;
  readonly clock_offset: number | null;
  readonly clock_uncertainty: number | null;
}

const PENDING_LINK = 1;
const PENDING_END = 2;
const PENDING_PARENT = 4;

export function createExchangeTable(database: Database, facts: Facts, register: Register): ExchangeTable {
  const select = database.prepare<[number], ExchangeRow>('SELECT * FROM exchange WHERE id = ?');
  const pending = database.prepare<[number], ExchangeRow>(
    'SELECT * FROM exchange WHERE pending != 0 ORDER BY id DESC LIMIT ?',
  );
  const newest = database.prepare<[number], ExchangeRow>('SELECT * FROM exchange ORDER BY id DESC LIMIT ?');
  const put = database.prepare<(number | null)[]>(
    `INSERT OR REPLACE INTO exchange (id, client_time, client_seq, server_time, server_seq, evidence, ambiguous, link,
       parent, received_at, lost, pending, clock_offset, clock_uncertainty) VALUES (?${', ?'.repeat(13)})`,
  );
  const remove = database.prepare<[number]>('DELETE FROM exchange WHERE id = ?');
  const addChild = database.prepare<[number, number]>('INSERT OR IGNORE INTO child VALUES (?, ?)');
  const dropChild = database.prepare<[number, number]>('DELETE FROM child WHERE parent = ? AND exchange = ?');
  const children = database.prepare<[number], { exchange: number }>('SELECT exchange FROM child WHERE parent = ?');
  const addMerged = database.prepare<[number, number]>('INSERT OR REPLACE INTO merged VALUES (?, ?)');
  const survivor = database.prepare<[number], { survivor: number }>('SELECT survivor FROM merged WHERE old = ?');

  const halfAt = (time: number | null, seq: number | null) =>
    time === null || seq === null ? null : facts.at(time, seq);
  const ofRow = (row: ExchangeRow): ExchangeRecord => ({
    id: row.id,
    client: halfAt(row.client_time, row.client_seq),
    server: halfAt(row.server_time, row.server_seq),
    evidence: row.evidence === null ? null : (EVIDENCE[row.evidence] ?? null),
    ambiguous: row.ambiguous === 1,
    clock: clockOf(row),
    link: row.link === null ? null : register.linkOf(row.link),
    parent: row.parent,
    parentEndpoint: null,
    receivedAt: row.received_at,
    lost: row.lost === 1,
    orphan: (row.pending & PENDING_PARENT) !== 0,
  });

  return {
    load(id) {
      const row = select.get(id);
      return row === undefined ? null : ofRow(row);
    },
    write(exchange) {
      const { client, server } = exchange;
      put.run(
        ...[exchange.id, client?.time ?? null, client?.seq ?? null, server?.time ?? null, server?.seq ?? null],
        ...[exchange.evidence === null ? null : EVIDENCE.indexOf(exchange.evidence), exchange.ambiguous ? 1 : 0],
        ...[exchange.link?.number ?? null, exchange.parent, exchange.receivedAt, exchange.lost ? 1 : 0],
        ...[pendingOf(exchange), exchange.clock?.offsetMicros ?? null, exchange.clock?.uncertaintyMicros ?? null],
      );
    },
    remove: (id) => void remove.run(id),
    merge: (old, to) => void addMerged.run(old, to),
    survivorOf(id) {
      // A survivor may have been merged in its turn; ids only fall, so this ends.
      for (let found = id; ; ) {
        const next = survivor.get(found)?.survivor;
        if (next === undefined || next >= found) return found;
        found = next;
      }
    },
    addChild: (parent, child) => void addChild.run(parent, child),
    moveChildren(from, to) {
      const moved = children.all(from).map((row) => row.exchange);
      for (const child of moved) {
        dropChild.run(from, child);
        addChild.run(to, child);
      }
      return moved;
    },
    pending: (limit) => pending.all(limit).reverse().map(ofRow),
    oneSidedSince(receivedAt, limit) {
      const rows = newest.all(limit).filter((row) => row.received_at >= receivedAt);
      return rows
        .filter((row) => row.client_time === null || row.server_time === null)
        .reverse()
        .map(ofRow);
    },
  };
}

export const clockOf = (row: Pick<ExchangeRow, 'clock_offset' | 'clock_uncertainty'>): PlacedClock | null =>
  row.clock_offset === null || row.clock_uncertainty === null
    ? null
    : { offsetMicros: row.clock_offset, uncertaintyMicros: row.clock_uncertainty };

function pendingOf(exchange: ExchangeRecord): number {
  const { client, server } = exchange;
  const inFlight = !exchange.lost && (client?.outcome === null || server?.outcome === null);
  return (
    (exchange.link === null ? PENDING_LINK : 0) + (inFlight ? PENDING_END : 0) + (exchange.orphan ? PENDING_PARENT : 0)
  );
}
