import { outcomeCode } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { type Addresses, createAddresses } from './address-table.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Key } from './exchange-key.ts';
import { EVIDENCE, type ExchangeRecord, firstHalf, type Half, ROLE_CLIENT, ROLE_SERVER } from './half.ts';
import { halfOfObservation, idsText, type ObservationRow } from './observation-row.ts';
import { type Partitions, perPartition } from './partitions.ts';
import type { Processes } from './processes.ts';

/** The observation tables: what was reported, one record per side of an exchange. Everything else is derived from it. */
export interface Facts {
  add(half: Half, exchange: ExchangeRecord): void;
  /** Completes the record. Its key stays. */
  update(half: Half, exchange: ExchangeRecord): void;
  /** Writes again what the record's row says of the exchange, and nothing else. */
  refer(half: Half, exchange: ExchangeRecord): void;
  /** Null: there is none, or none any more. */
  row(key: Key): ObservationRow | null;
  half(row: ObservationRow): Half;
}

const HALF_COLUMNS = [
  ...['call', 'parent_no', 'request_last', 'reply_first', 'reply_last', 'end_offset', 'request_bytes', 'reply_bytes'],
  ...['outcome', 'status', 'fault', 'connection', 'ordinal', 'ids', 'extras', 'parts'],
];
const EXCHANGE_COLUMNS = [
  ...['partner_after', 'partner_seq', 'received_after', 'link', 'evidence', 'ambiguous', 'parent_before', 'parent_seq'],
  ...['lost', 'pending', 'clock_offset', 'clock_uncertainty'],
];
const KEY_COLUMNS = ['time', 'seq', 'process', 'exchange_no', 'role', 'offset_micros', 'placed'];
const ALL_COLUMNS = [...KEY_COLUMNS, ...HALF_COLUMNS, ...EXCHANGE_COLUMNS];

type Value = number | string | null;

export function createFacts(
  database: Database,
  partitions: Partitions,
  processes: Processes,
  dictionaries: Dictionaries,
): Facts {
  const addresses = createAddresses(database);
  const settings = (columns: readonly string[]): string => columns.map((column) => `${column} = ?`).join(', ');
  const statements = perPartition((number) => {
    const table = `observation_${number}`;
    return {
      insert: database.prepare<Value[]>(
        `INSERT INTO ${table} (${ALL_COLUMNS.join(', ')}) VALUES (?${', ?'.repeat(ALL_COLUMNS.length - 1)})`,
      ),
      update: database.prepare<Value[]>(
        `UPDATE ${table} SET ${settings([...HALF_COLUMNS, ...EXCHANGE_COLUMNS])} WHERE time = ? AND seq = ?`,
      ),
      refer: database.prepare<Value[]>(`UPDATE ${table} SET ${settings(EXCHANGE_COLUMNS)} WHERE time = ? AND seq = ?`),
      select: database.prepare<[number, number], ObservationRow>(`SELECT * FROM ${table} WHERE time = ? AND seq = ?`),
    };
  });
  /** Bound one after the other: filled anew for each row, so that a row makes no list of its own. */
  const values: Value[] = [];

  return {
    add(half, exchange) {
      values.length = 0;
      const role = half.role === 'client' ? ROLE_CLIENT : ROLE_SERVER;
      values.push(half.time, half.seq, half.process.number, half.exchangeNo, role, half.offset, half.placed ? 1 : 0);
      pushHalf(values, half, addresses);
      pushExchange(values, half, exchange);
      statements(partitions.of(half.time).number).insert.run(...values);
    },
    update(half, exchange) {
      values.length = 0;
      pushHalf(values, half, addresses);
      pushExchange(values, half, exchange);
      values.push(half.time, half.seq);
      statements(partitions.of(half.time).number).update.run(...values);
    },
    refer(half, exchange) {
      values.length = 0;
      pushExchange(values, half, exchange);
      values.push(half.time, half.seq);
      statements(partitions.of(half.time).number).refer.run(...values);
    },
    row({ time, seq }) {
      const partition = partitions.find(time);
      return partition === null ? null : (statements(partition.number).select.get(time, seq) ?? null);
    },
    half: (row) => halfOfObservation(row, processes, dictionaries, addresses),
  };
}

function pushHalf(values: Value[], half: Half, addresses: Addresses): void {
  const { outcome, fault, ids, extras } = half;
  values.push(half.call.number, half.parentNo, half.requestLast, half.replyFirst, half.replyLast, half.end);
  values.push(half.requestBytes, half.replyBytes, outcome === null ? null : outcomeCode(outcome), half.status);
  values.push(fault === null ? null : fault.number, codeOf(half, addresses));
  values.push(half.ordinal, ids === null ? null : idsText(ids), extras === null ? null : JSON.stringify(extras));
  values.push(half.parts);
}

/** Of its connection, which many rows share. */
function codeOf({ connection, line }: Half, addresses: Addresses): number | string | null {
  if (connection === null) return null;
  if (line === null || line === undefined) return addresses.codeOf(connection);
  line.code ??= addresses.codeOf(connection);
  return line.code;
}

/** The half that places the exchange says all of it, the other where that one is. */
function pushExchange(values: Value[], half: Half, exchange: ExchangeRecord): void {
  const first = firstHalf(exchange);
  const other = half === exchange.client ? exchange.server : exchange.client;
  const partner = other ?? exchange.expiredHalf;
  values.push(partner === null ? null : partner.time - half.time, partner === null ? null : partner.seq);
  const { link, evidence, parent, clock } = exchange;
  const evidenceCode = evidence === null ? null : EVIDENCE.indexOf(evidence);
  if (half !== first) {
    values.push(null, link === null ? null : link.number, evidenceCode, 0, null, null, 0, 0, null, null);
    return;
  }
  const pending = pendingOf(exchange);
  const isOpen = pending !== 0 || partner === null;
  values.push(isOpen ? exchange.receivedAt - half.time : null, link === null ? null : link.number, evidenceCode);
  values.push(exchange.ambiguous ? 1 : 0, parent === null ? null : half.time - parent.time);
  values.push(parent === null ? null : parent.seq, exchange.lost ? 1 : 0, pending);
  values.push(clock === null ? null : clock.offsetMicros, clock === null ? null : clock.uncertaintyMicros);
}

const PENDING_LINK = 1;
const PENDING_END = 2;
export const PENDING_PARENT = 4;
const PENDING_LATE = 8;
/** So much later than it began: not found by reading back what began last. */
export const LATE_MICROS = 60_000_000;

/** What may still change by itself: waiting, in flight, looking for a parent, or late and waiting or joinable. */
function pendingOf(exchange: ExchangeRecord): number {
  const { client, server } = exchange;
  const inFlight = !exchange.lost && (client?.outcome === null || server?.outcome === null);
  return (
    (exchange.link === null ? PENDING_LINK : 0) +
    (inFlight ? PENDING_END : 0) +
    (exchange.orphan ? PENDING_PARENT : 0) +
    (isLate(exchange) && (exchange.link === null || exchange.isJoinable) ? PENDING_LATE : 0)
  );
}

export const isLate = (exchange: ExchangeRecord): boolean =>
  exchange.receivedAt - firstHalf(exchange).time > LATE_MICROS;
