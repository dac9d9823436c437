import type { Database } from 'better-sqlite3';
import { firstStored, type Key } from './exchange-key.ts';
import { type Facts, LATE_MICROS, PENDING_PARENT } from './facts.ts';
import { AT_REST, EVIDENCE, type ExchangeRecord, ROLE_CLIENT, UNTOUCHED } from './half.ts';
import { clockOf, type ObservationRow, parentOf, partnerOf } from './observation-row.ts';
import { type Partitions, perPartition } from './partitions.ts';
import type { Register } from './register.ts';

/** Exchanges as the rows of their halves tell them. */
export interface ExchangeTable {
  /** The exchange of the record that lies there. */
  load(key: Key): ExchangeRecord | null;
  addChild(parent: Key, child: Key): void;
  /**
   * Those that something may still change by itself, the newest ones, oldest first. `heardAt`: when the last report came, by
   * our clock; what waited then, and was not late, began shortly before.
   */
  pending(heardAt: number, limit: number): readonly ExchangeRecord[];
  /** One-sided ones whose half came since then and that began at most LATE_MICROS before, oldest first. */
  oneSidedSince(receivedAt: number, limit: number): readonly ExchangeRecord[];
  /** The records that began last: by which number of which process they are found. */
  newest(limit: number): readonly NumberedRow[];
}

/** A half waits at most so long for its other half: ten times two report intervals, and some. */
const WAITING_MICROS = 60_000_000;

export interface NumberedRow extends Key {
  readonly process: number;
  readonly exchange_no: number;
}

export function createExchangeTable(
  database: Database,
  partitions: Partitions,
  facts: Facts,
  register: Register,
): ExchangeTable {
  const addChild = perPartition((number) =>
    database.prepare<[number, number, number, number]>(`INSERT OR IGNORE INTO child_${number} VALUES (?, ?, ?, ?)`),
  );
  const load = (key: Key): ExchangeRecord | null => {
    const row = facts.row(key);
    if (row === null) return null;
    const partner = partnerOf(row);
    return ofRows(row, partner, partner === null ? null : facts.row(partner));
  };
  const ofRows = (row: ObservationRow, partner: Key | null, other: ObservationRow | null): ExchangeRecord => {
    const places = row.role === ROLE_CLIENT || other === null ? row : other;
    const half = facts.half(row);
    const otherHalf = other === null ? null : facts.half(other);
    const key = firstStored(row, partner);
    const { evidence, link, pending, received_after } = places;
    const second = places === row ? other : row;
    return {
      id: key.seq,
      key: { time: key.time, seq: key.seq },
      client: half.role === 'client' ? half : otherHalf,
      server: half.role === 'server' ? half : otherHalf,
      evidence: evidence === null ? null : (EVIDENCE[evidence] ?? null),
      ambiguous: places.ambiguous === 1,
      clock: clockOf(places),
      link: link === null ? null : register.linkOf(link),
      parent: parentOf(places),
      parentEndpoint: null,
      receivedAt: places.time + (received_after ?? 0),
      lost: places.lost === 1,
      orphan: (pending & PENDING_PARENT) !== 0,
      ...AT_REST,
      expiredHalf: other === null ? partner : null,
      pointed: second === null ? null : { seq: places.seq, link: second.link },
      ...UNTOUCHED,
    };
  };
  /** Keys from the newest stretches back, until there are enough. */
  const newestKeys = <Row extends Key>(limit: number, columns: string, where: string): Row[] => {
    const found: Row[] = [];
    for (const { number } of partitions.all().toReversed()) {
      if (found.length >= limit) break;
      const select = database.prepare<[number], Row>(
        `SELECT ${columns} FROM observation_${number} WHERE ${where} ORDER BY time DESC, seq DESC LIMIT ?`,
      );
      found.push(...select.all(limit - found.length));
    }
    return found.reverse();
  };
  const loadAll = (keys: readonly Key[]): ExchangeRecord[] =>
    keys.flatMap((key) => load(key) ?? []).sort((a, b) => a.id - b.id);

  return {
    load,
    addChild(parent, child) {
      const partition = partitions.find(parent.time);
      if (partition !== null) addChild(partition.number).run(parent.time, parent.seq, child.time, child.seq);
    },
    pending: (heardAt, limit) =>
      loadAll([
        ...newestKeys<Key>(limit, 'time, seq', 'pending > 1'),
        ...newestKeys<Key>(limit, 'time, seq', `pending = 1 AND time >= ${heardAt - LATE_MICROS - WAITING_MICROS}`),
      ]),
    oneSidedSince(receivedAt, limit) {
      const isOneSided = `partner_seq IS NULL AND time >= ${receivedAt - LATE_MICROS}`;
      const since = `time + coalesce(received_after, 0) >= ${receivedAt}`;
      return loadAll(newestKeys<Key>(limit, 'time, seq', `${isOneSided} AND ${since}`));
    },
    newest: (limit) => newestKeys<NumberedRow>(limit, 'time, seq, process, exchange_no', '1'),
  };
}
