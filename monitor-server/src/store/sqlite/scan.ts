import { outcomeOf } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { firstStored, idOf } from './exchange-key.ts';
import { type FoldedHalf, foldExchange } from './fold-exchange.ts';
import { serverShiftOf, UNKNOWN_OPERATION } from './half.ts';
import { clockOf, type ObservationRow, partnerOf } from './observation-row.ts';
import { IS_PLACING } from './partition-tables.ts';
import { listPartitions, perPartition } from './partitions.ts';

/** One exchange as it is read in time order: both halves, numbers only. */
export interface ScannedExchange {
  readonly id: string;
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
  /** How many rows are read at first, where few may be enough: each further page is twice as long. */
  readonly first?: number;
  /** Called between pages: the place to renew a snapshot that grows old. */
  readonly between?: () => void;
}

export const foldScanned = (scanned: ScannedExchange) =>
  foldExchange(scanned.client, scanned.server, scanned.lost, scanned.serverShift);

/**
 * The exchanges whose request began in [from, to), by the time of the half that places them: the client's, where there is
 * one. Read in pages by key, stretch by stretch, so that no statement stays open.
 */
export function* scanExchanges(database: Database, scan: Scan): Generator<ScannedExchange> {
  const { newestFirst = false } = scan;
  const partitionsIn = listPartitions(database);
  const pages = perPartition((number) =>
    database.prepare<[number, number, number, number, number], ScanRow>(
      newestFirst ? newestFirstOf(number) : oldestFirstOf(number),
    ),
  );
  const scanned = createScanned(database);
  let time = scan.after?.time ?? (newestFirst ? scan.to : scan.from);
  let seq = scan.after?.seq ?? (newestFirst ? 0 : -1);
  /** Stretches that are read to their end: what began at or after this, or ended at or before it. */
  let behind = newestFirst ? time + 1 : scan.from;
  let size = Math.min(PAGE, scan.first ?? PAGE);
  for (;;) {
    // Asked anew for each page: a stretch may have been dropped between two snapshots.
    const partition = newestFirst
      ? partitionsIn(scan.from, behind).at(-1)
      : partitionsIn(Math.max(time, behind), scan.to)[0];
    if (partition === undefined) return;
    const page = pages(partition.number);
    const rows = newestFirst ? page.all(scan.from, time, time, seq, size) : page.all(time, scan.to, time, seq, size);
    for (const row of rows) yield scanned(row);
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < size) behind = newestFirst ? partition.from : partition.to;
    else {
      time = last.time;
      seq = last.seq;
    }
    size = Math.min(PAGE, 2 * size);
    scan.between?.();
  }
}

/** The exchange that the half of this key places. */
export function scanOne(database: Database): (time: number, seq: number) => ScannedExchange {
  const partitionsIn = listPartitions(database);
  const statements = perPartition((number) => database.prepare<[number, number, number], ScanRow>(oneOf(number)));
  const scanned = createScanned(database);
  return (time, seq) => {
    const [partition] = partitionsIn(time, time + 1);
    const row = partition === undefined ? undefined : statements(partition.number).get(time, seq, 1);
    if (row === undefined) throw new Error(`no exchange is placed by observation ${seq} at ${time}`);
    return scanned(row);
  };
}

/** The other half is mostly found beside its own; where its time lies in another stretch, there. */
function createScanned(database: Database): (row: ScanRow) => ScannedExchange {
  const partitionsIn = listPartitions(database);
  const others = perPartition((number) => database.prepare<[number, number], PartnerRow>(partnerIn(number)));
  return (row) => {
    const partner = row.role === 1 && row.p_time === null ? partnerOf(row) : null;
    if (partner === null) return scannedOf(row);
    const [partition] = partitionsIn(partner.time, partner.time + 1);
    const found = partition && others(partition.number).get(partner.time, partner.seq);
    return scannedOf(found === undefined ? row : { ...row, ...found });
  };
}

const PAGE = 2_000;
const HALF_COLUMNS =
  'call, request_last, reply_first, reply_last, end_offset, request_bytes, reply_bytes, outcome, status, fault';
const columns = (alias: string, prefix: string): string =>
  HALF_COLUMNS.split(', ')
    .map((column) => `${alias}.${column} AS ${prefix}${column}`)
    .join(', ');

const PARTNER_COLUMNS = `p.time AS p_time, p.offset_micros AS p_offset, c2.operation AS p_operation, ${columns('p', 'p_')}`;

const select = (number: number, range: string, order: string): string => `
  SELECT o.time, o.seq, o.role, o.offset_micros, o.partner_after, o.partner_seq, o.link, o.lost, o.clock_offset,
    o.clock_uncertainty, c1.operation, ${columns('o', '')}, ${PARTNER_COLUMNS}
  FROM observation_${number} o CROSS JOIN call c1 ON c1.number = o.call
    LEFT JOIN observation_${number} p ON o.role = 1 AND p.time = o.time + o.partner_after AND p.seq = o.partner_seq
    LEFT JOIN call c2 ON c2.number = p.call
  WHERE ${range} AND ${IS_PLACING}
  ORDER BY ${order} LIMIT ?`;

const oldestFirstOf = (number: number): string =>
  select(number, 'o.time >= ? AND o.time < ? AND (o.time, o.seq) > (?, ?)', 'o.time, o.seq');
const newestFirstOf = (number: number): string =>
  select(number, 'o.time >= ? AND o.time <= ? AND (o.time, o.seq) < (?, ?)', 'o.time DESC, o.seq DESC');
const oneOf = (number: number): string => select(number, 'o.time = ? AND o.seq = ?', 'o.time, o.seq');
const partnerIn = (number: number): string => `
  SELECT ${PARTNER_COLUMNS} FROM observation_${number} p JOIN call c2 ON c2.number = p.call
  WHERE p.time = ? AND p.seq = ?`;

type HalfColumns = Pick<
  ObservationRow,
  | 'call'
  | 'request_last'
  | 'reply_first'
  | 'reply_last'
  | 'end_offset'
  | 'request_bytes'
  | 'reply_bytes'
  | 'outcome'
  | 'status'
  | 'fault'
>;

interface ScanRow extends HalfColumns, PartnerRow {
  readonly time: number;
  readonly seq: number;
  readonly role: number;
  readonly partner_after: number | null;
  readonly partner_seq: number | null;
  readonly link: number | null;
  readonly lost: number;
  readonly operation: number;
  readonly offset_micros: number;
  readonly clock_offset: number | null;
  readonly clock_uncertainty: number | null;
}

interface PartnerRow {
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
    id: idOf(firstStored(row, partnerOf(row))),
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
