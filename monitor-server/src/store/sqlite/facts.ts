import { type Connection, type Extras, type Identifiers, outcomeCode, outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { createBodyTable } from './body-table.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Half } from './half.ts';
import type { Processes } from './processes.ts';

/** The observation table: what was reported, one record per side of an exchange. Everything else is derived from it. */
export interface Facts {
  add(half: Half, exchange: number): void;
  /** Completes the record, or moves it to another exchange. Its key stays. */
  update(half: Half, exchange: number): void;
  at(time: number, seq: number): Half | null;
  /** The exchange of a record, by the reporter's own numbers. */
  exchangeOf(process: number, exchangeNo: number): number | null;
  remove(half: Half): void;
}

export interface ObservationRow {
  readonly time: number;
  readonly seq: number;
  readonly exchange: number;
  readonly process: number;
  readonly exchange_no: number;
  readonly role: number;
  readonly call: number;
  readonly parent_no: number | null;
  readonly request_last: number | null;
  readonly reply_first: number | null;
  readonly reply_last: number | null;
  readonly end_offset: number | null;
  readonly request_bytes: number;
  readonly reply_bytes: number;
  readonly outcome: number | null;
  readonly status: number;
  readonly fault: number | null;
  readonly connection: string | null;
  readonly ordinal: number | null;
  readonly ids: string | null;
  readonly extras: string | null;
  readonly offset_micros: number;
  readonly placed: number;
  readonly parts: number;
}

export const ROLE_CLIENT = 1;
export const ROLE_SERVER = 0;

export function createFacts(database: Database, processes: Processes, dictionaries: Dictionaries): Facts {
  const insert = database.prepare<(string | number | null)[]>(
    `INSERT INTO observation (time, seq, exchange, process, exchange_no, role, call, parent_no, request_last, reply_first,
       reply_last, end_offset, request_bytes, reply_bytes, outcome, status, fault, connection, ordinal, ids, offset_micros,
       placed, parts, extras) VALUES (?${', ?'.repeat(23)})`,
  );
  const insertKey = database.prepare<[number, number, number, number]>(
    'INSERT INTO observation_key VALUES (?, ?, ?, ?)',
  );
  const update = database.prepare<(string | number | null)[]>(
    `UPDATE observation SET exchange = ?, call = ?, parent_no = ?, request_last = ?, reply_first = ?, reply_last = ?,
       end_offset = ?, request_bytes = ?, reply_bytes = ?, outcome = ?, status = ?, fault = ?, connection = ?, ordinal = ?,
       ids = ?, extras = ?, parts = ? WHERE time = ? AND seq = ?`,
  );
  const select = database.prepare<[number, number], ObservationRow>(
    'SELECT * FROM observation WHERE time = ? AND seq = ?',
  );
  const selectKey = database.prepare<[number, number], { exchange: number }>(
    `SELECT exchange FROM observation_key JOIN observation USING (time, seq)
     WHERE observation_key.process = ? AND observation_key.exchange_no = ?`,
  );
  const remove = database.prepare<[number, number]>('DELETE FROM observation WHERE time = ? AND seq = ?');
  const bodies = createBodyTable(database);
  const removeKey = database.prepare<[number, number]>(
    'DELETE FROM observation_key WHERE process = ? AND exchange_no = ?',
  );
  const ofRow = (row: ObservationRow): Half => ({
    time: row.time,
    seq: row.seq,
    process: processes.ofNumber(row.process),
    exchangeNo: row.exchange_no,
    role: row.role === ROLE_CLIENT ? 'client' : 'server',
    call: dictionaries.callOf(row.call),
    parentNo: row.parent_no,
    requestLast: row.request_last,
    replyFirst: row.reply_first,
    replyLast: row.reply_last,
    end: row.end_offset,
    requestBytes: row.request_bytes,
    replyBytes: row.reply_bytes,
    outcome: outcomeOf(row.outcome),
    status: row.status,
    fault: row.fault === null ? null : dictionaries.faultOf(row.fault),
    connection: connectionOf(row.connection),
    ordinal: row.ordinal,
    ids: row.ids === null ? null : parseIds(row.ids),
    extras: row.extras === null ? null : parseExtras(row.extras),
    offset: row.offset_micros,
    placed: row.placed === 1,
    parts: row.parts,
  });

  return {
    add(half, exchange) {
      insert.run(
        ...[half.time, half.seq, exchange, half.process.number, half.exchangeNo],
        ...[half.role === 'client' ? ROLE_CLIENT : ROLE_SERVER, half.call.number, half.parentNo],
        ...[half.requestLast, half.replyFirst, half.replyLast, half.end, half.requestBytes, half.replyBytes],
        ...[half.outcome === null ? null : outcomeCode(half.outcome), half.status, half.fault?.number ?? null],
        ...[connectionText(half.connection), half.ordinal, half.ids === null ? null : JSON.stringify(half.ids)],
        ...[half.offset, half.placed ? 1 : 0, half.parts, half.extras === null ? null : JSON.stringify(half.extras)],
      );
      insertKey.run(half.process.number, half.exchangeNo, half.time, half.seq);
    },
    update(half, exchange) {
      update.run(
        ...[exchange, half.call.number, half.parentNo, half.requestLast, half.replyFirst, half.replyLast, half.end],
        ...[half.requestBytes, half.replyBytes, half.outcome === null ? null : outcomeCode(half.outcome), half.status],
        ...[half.fault?.number ?? null, connectionText(half.connection), half.ordinal],
        half.ids === null ? null : JSON.stringify(half.ids),
        half.extras === null ? null : JSON.stringify(half.extras),
        ...[half.parts, half.time, half.seq],
      );
    },
    at(time, seq) {
      const row = select.get(time, seq);
      return row === undefined ? null : ofRow(row);
    },
    exchangeOf: (process, exchangeNo) => selectKey.get(process, exchangeNo)?.exchange ?? null,
    remove(half) {
      remove.run(half.time, half.seq);
      bodies.remove(half);
      removeKey.run(half.process.number, half.exchangeNo);
    },
  };
}

/** Both ends in one text: an address has no space in it, and a connection is read as a whole. */
const connectionText = (connection: Connection | null): string | null =>
  connection === null ? null : `${connection.server} ${connection.client}`;

export function connectionOf(text: string | null): Connection | null {
  if (text === null) return null;
  const space = text.indexOf(' ');
  return { server: text.slice(0, space), client: text.slice(space + 1) };
}

export const parseIds = (text: string): Identifiers => JSON.parse(text);
export const parseExtras = (text: string): Extras => JSON.parse(text);
