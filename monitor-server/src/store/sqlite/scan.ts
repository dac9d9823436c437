import { outcomeCode, outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { clockOf } from './exchange-table.ts';
import { type FoldedHalf, foldExchange } from './fold-exchange.ts';
import { serverShiftOf, UNKNOWN_OPERATION } from './half.ts';
import { createReplayRows, putFolded, putRow, REPLAY_FLAGS, type ReplayRow, type ReplayRows } from './replay-rows.ts';

/** One exchange as it is read in time order: both halves, numbers only. */
export interface ScannedExchange {
  readonly id: number;
  /** Key of the half that places it. */
  readonly time: number;
  readonly seq: number;
  readonly link: number | null;
  readonly operation: number;
  readonly lost: boolean;
  readonly client: ScannedHalf | null;
  readonly server: ScannedHalf | null;
  /** Added to the server's times to have them in the client's: see `serverShiftOf`. */
  readonly serverShift: number;
}

export interface ScannedHalf extends FoldedHalf {
  readonly call: number;
  readonly status: number;
  readonly fault: number | null;
}

export interface Scan {
  readonly from: number;
  readonly to: number;
  /** Goes on behind this key. */
  readonly after?: { readonly time: number; readonly seq: number } | null;
  readonly newestFirst?: boolean;
  /** Called between pages: the place to renew a snapshot that grows old. */
  readonly between?: () => void;
}

export const foldScanned = (scanned: ScannedExchange) =>
  foldExchange(scanned.client, scanned.server, scanned.lost, scanned.serverShift);

/**
 * The exchanges whose request began in [from, to), by the time of the half that places them: the client's, where there is
 * one. Read in pages by key, so that no statement stays open.
 */
export function* scanExchanges(database: Database, scan: Scan): Generator<ScannedExchange> {
  const { newestFirst = false } = scan;
  const page = database.prepare<[number, number, number, number, number], ScanRow>(
    newestFirst ? SELECT_NEWEST_FIRST : SELECT_OLDEST_FIRST,
  );
  let time = scan.after?.time ?? (newestFirst ? scan.to : scan.from);
  let seq = scan.after?.seq ?? (newestFirst ? 0 : -1);
  for (;;) {
    const rows = newestFirst ? page.all(scan.from, time, time, seq, PAGE) : page.all(time, scan.to, time, seq, PAGE);
    for (const row of rows) yield scannedOf(row);
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < PAGE) return;
    time = last.time;
    seq = last.seq;
    scan.between?.();
  }
}

/** The exchange that the half of this key places. */
export function scanOne(database: Database): (time: number, seq: number) => ScannedExchange {
  const one = database.prepare<[number, number, number], ScanRow>(SELECT_ONE);
  return (time, seq) => {
    const row = one.get(time, seq, 1);
    if (row === undefined) throw new Error(`no exchange is placed by observation ${seq} at ${time}`);
    return scannedOf(row);
  };
}

const PAGE = 2_000;
const HALF_COLUMNS =
  'call, request_last, reply_first, reply_last, end_offset, request_bytes, reply_bytes, outcome, status, fault';
const columns = (alias: string, prefix: string): string =>
  HALF_COLUMNS.split(', ')
    .map((column) => `${alias}.${column} AS ${prefix}${column}`)
    .join(', ');

const select = (range: string, order: string): string => `
  SELECT o.time, o.seq, o.role, o.offset_micros, e.id, e.link, e.lost, e.clock_offset, e.clock_uncertainty, c1.operation, ${columns('o', '')},
    p.time AS p_time, p.offset_micros AS p_offset, c2.operation AS p_operation, ${columns('p', 'p_')}
  FROM observation o CROSS JOIN exchange e ON e.id = o.exchange CROSS JOIN call c1 ON c1.number = o.call
    LEFT JOIN observation p ON o.role = 1 AND p.time = e.server_time AND p.seq = e.server_seq
    LEFT JOIN call c2 ON c2.number = p.call
  WHERE ${range} AND (o.role = 1 OR e.client_time IS NULL)
  ORDER BY ${order} LIMIT ?`;

const SELECT_OLDEST_FIRST = select('o.time >= ? AND o.time < ? AND (o.time, o.seq) > (?, ?)', 'o.time, o.seq');
const SELECT_NEWEST_FIRST = select(
  'o.time >= ? AND o.time <= ? AND (o.time, o.seq) < (?, ?)',
  'o.time DESC, o.seq DESC',
);

const SELECT_ONE = select('o.time = ? AND o.seq = ?', 'o.time, o.seq');

interface HalfColumns {
  readonly call: number;
  readonly request_last: number | null;
  readonly reply_first: number | null;
  readonly reply_last: number | null;
  readonly end_offset: number | null;
  readonly request_bytes: number;
  readonly reply_bytes: number;
  readonly outcome: number | null;
  readonly status: number;
  readonly fault: number | null;
}

interface ScanRow extends HalfColumns {
  readonly time: number;
  readonly seq: number;
  readonly role: number;
  readonly id: number;
  readonly link: number | null;
  readonly lost: number;
  readonly operation: number;
  readonly offset_micros: number;
  readonly clock_offset: number | null;
  readonly clock_uncertainty: number | null;
  readonly p_offset: number | null;
  readonly p_time: number | null;
  readonly p_operation: number | null;
  readonly p_call: number | null;
  readonly p_request_last: number | null;
  readonly p_reply_first: number | null;
  readonly p_reply_last: number | null;
  readonly p_end_offset: number | null;
  readonly p_request_bytes: number | null;
  readonly p_reply_bytes: number | null;
  readonly p_outcome: number | null;
  readonly p_status: number | null;
  readonly p_fault: number | null;
}

function scannedOf(row: ScanRow): ScannedExchange {
  const first = halfOf(row.time, row);
  const partner =
    row.p_time === null
      ? null
      : halfOf(row.p_time, {
          call: row.p_call ?? 0,
          request_last: row.p_request_last,
          reply_first: row.p_reply_first,
          reply_last: row.p_reply_last,
          end_offset: row.p_end_offset,
          request_bytes: row.p_request_bytes ?? 0,
          reply_bytes: row.p_reply_bytes ?? 0,
          outcome: row.p_outcome,
          status: row.p_status ?? 0,
          fault: row.p_fault,
        });
  return {
    id: row.id,
    time: row.time,
    seq: row.seq,
    link: row.link,
    operation: row.operation === UNKNOWN_OPERATION ? (row.p_operation ?? UNKNOWN_OPERATION) : row.operation,
    lost: row.lost === 1,
    client: row.role === 1 ? first : null,
    server: row.role === 1 ? partner : first,
    serverShift: shiftOf(row),
  };
}

const shiftOf = (row: ScanRow): number =>
  row.p_offset === null
    ? 0
    : serverShiftOf({ client: { offset: row.offset_micros }, server: { offset: row.p_offset }, clock: clockOf(row) });

const halfOf = (time: number, row: HalfColumns): ScannedHalf => ({
  time,
  call: row.call,
  requestLast: row.request_last,
  replyFirst: row.reply_first,
  replyLast: row.reply_last,
  end: row.end_offset,
  requestBytes: row.request_bytes,
  replyBytes: row.reply_bytes,
  outcome: outcomeOf(row.outcome),
  status: row.status,
  fault: row.fault,
});

/**
 * Scans the exchanges of `scanExchanges`, oldest first, in columns of numbers: without those that are not attributed yet
 * and without rounds before a message's last. Each page is filled anew, and one scan is at work at a time. An exchange
 * where the other half has a say (a lost client, an operation that only the server could read) is folded whole.
 */
export const scanForReplay = (database: Database, operationOfCall: (call: number) => number): ReplayScan =>
  scanRows(database, SELECT_FOR_REPLAY, operationOfCall);

/** The same without operations and without the other three times: what figures need, for half the price. */
export const scanForCounts = (database: Database): ReplayScan => scanRows(database, SELECT_FOR_COUNTS, () => NO_CALL);

export type ReplayScan = (scan: Omit<Scan, 'newestFirst'>) => Generator<ReplayRows>;

const NO_CALL = -1;

function scanRows(database: Database, select: string, operationOfCall: (call: number) => number): ReplayScan {
  const page = database.prepare<[number, number, number, number, number], ReplayRow>(select).raw();
  const one = scanOne(database);
  const rows = createReplayRows(PAGE);
  const put = (row: ReplayRow): void => {
    const [time, seq, , link, call, flags, , , , received] = row;
    const operation = operationOfCall(call);
    const isLostOpen = flags < REPLAY_FLAGS.outcome && (flags & REPLAY_FLAGS.lost) !== 0;
    const otherHasSay = received !== null && (flags & REPLAY_FLAGS.client) !== 0;
    if (otherHasSay && (operation === UNKNOWN_OPERATION || isLostOpen)) {
      const scanned = one(time, seq);
      putFolded(rows, { ...scanned, link }, foldScanned(scanned));
    } else putRow(rows, row, operation);
  };
  return function* scan({ from, to, after, between }) {
    let time = after?.time ?? from;
    let seq = after?.seq ?? -1;
    for (;;) {
      const found = page.all(time, to, time, seq, PAGE);
      rows.count = 0;
      for (const row of found) put(row);
      if (rows.count > 0) yield rows;
      const last = found[found.length - 1];
      if (last === undefined || found.length < PAGE) return;
      [time, seq] = last;
      between?.();
    }
  };
}

/** Of the other half: how much later than the deciding one's start it is in that one's clock. */
const SHIFT = 'coalesce(o.offset_micros - p.offset_micros - e.clock_offset, 0) - o.time';
const REPLAY_COLUMNS = `o.time, o.seq, o.exchange, e.link, o.call,
    o.role * ${REPLAY_FLAGS.client} + e.lost * ${REPLAY_FLAGS.lost} + coalesce(o.outcome + 1, 0) * ${REPLAY_FLAGS.outcome},
    o.end_offset, o.request_bytes, o.reply_bytes`;
const REPLAY_RANGE = `o.time >= ? AND o.time < ? AND (o.time, o.seq) > (?, ?)
    AND (o.role = 1 OR e.client_time IS NULL) AND e.link IS NOT NULL AND o.outcome IS NOT ${outcomeCode('attempt')}
  ORDER BY o.time, o.seq LIMIT ?`;
const SELECT_FOR_REPLAY = `
  SELECT ${REPLAY_COLUMNS},
    CASE o.role WHEN 1 THEN p.time + coalesce(p.request_last, 0) + ${SHIFT} ELSE coalesce(o.request_last, 0) END,
    CASE o.role WHEN 1 THEN p.time + p.reply_first + ${SHIFT} ELSE o.reply_first END,
    CASE o.role WHEN 1 THEN coalesce(o.reply_last, o.reply_first) END
  FROM observation o CROSS JOIN exchange e ON e.id = o.exchange
    LEFT JOIN observation p ON o.role = 1 AND p.time = e.server_time AND p.seq = e.server_seq
  WHERE ${REPLAY_RANGE}`;
/** Received: only where the other half has a say. */
const SELECT_FOR_COUNTS = `
  SELECT ${REPLAY_COLUMNS}, CASE WHEN o.role = 1 AND e.lost = 1 AND o.outcome IS NULL AND e.server_time IS NOT NULL THEN 0 END,
    NULL, NULL
  FROM observation o CROSS JOIN exchange e ON e.id = o.exchange
  WHERE ${REPLAY_RANGE}`;
