import { decodeExtras } from './decode-extras.ts';
import { type Fields, isCount, isRecord, isText, optionalTexts, own } from './fields.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import {
  type Call,
  type Connection,
  type Counters,
  type Extras,
  type Fault,
  type Identifiers,
  type Listener,
  REPORT_LIMITS,
  REPORT_VERSION,
  ROLES,
  ROW_PARTS,
  type Role,
  type RowPart,
} from './report.ts';

/** One row, with its indexes resolved. Times are epoch µs by the reporter's clock; offsets are µs after `start`. */
export interface ReportedRow {
  readonly rowSeq: number;
  readonly exchangeNo: number;
  readonly part: RowPart;
  readonly call: Call;
  readonly role: Role;
  readonly parentNo: number | null;
  readonly start: number;
  readonly requestLast: number | null;
  readonly replyFirst: number | null;
  readonly replyLast: number | null;
  readonly end: number | null;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly outcome: Outcome | null;
  readonly status: number;
  readonly fault: Fault | null;
  readonly connection: Connection | null;
  readonly ordinal: number | null;
  readonly ids: Identifiers | null;
  readonly extras: Extras | null;
}

export interface ReportHeader {
  readonly reporter: string;
  readonly name: string;
  readonly machine: string;
  readonly hostId: string;
  readonly pid: number;
  readonly stack: string;
  readonly listeners: readonly Listener[];
  readonly advertised: string | null;
  readonly sentAt: number;
  readonly closing: boolean;
  readonly counters: Counters;
}

export interface Report {
  readonly header: ReportHeader;
  readonly rows: readonly ReportedRow[];
}

export interface RefusedRow {
  readonly rowSeq: number;
  readonly reason: string;
}

export type DecodedReport =
  | { readonly kind: 'report'; readonly report: Report; readonly refused: readonly RefusedRow[] }
  | { readonly kind: 'otherVersion'; readonly version: unknown }
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] };

/**
 * The border for reports: takes what JSON.parse gave, never throws, and reads own properties only. A bad header or list
 * refuses the whole report; a bad row refuses that row. A row whose rowSeq cannot be read refuses the whole report, since
 * nobody could be told about it. Unknown header fields are ignored (a newer interceptor may send some).
 */
export function decodeReport(value: unknown): DecodedReport {
  if (!isRecord(value)) return { kind: 'invalid', reasons: ['a report is a JSON object'] };
  const version = own(value, 'version');
  if (version !== REPORT_VERSION) return { kind: 'otherVersion', version };
  const reasons: string[] = [];
  const header = decodeHeader(value, reasons);
  const calls = list(value, 'calls', REPORT_LIMITS.calls, reasons).map(decodeCall);
  const faults = list(value, 'faults', REPORT_LIMITS.faults, reasons).map(decodeFault);
  const connections = list(value, 'connections', REPORT_LIMITS.connections, reasons).map(decodeConnection);
  const wireRows = list(value, 'rows', REPORT_LIMITS.rows, reasons);
  if (reasons.length > 0) return { kind: 'invalid', reasons };

  const rows: ReportedRow[] = [];
  const refused: RefusedRow[] = [];
  for (const [index, wireRow] of wireRows.entries()) {
    if (!Array.isArray(wireRow)) return { kind: 'invalid', reasons: [`rows[${index}] is no list`] };
    const rowSeq: unknown = wireRow[0];
    if (!isCount(rowSeq)) return { kind: 'invalid', reasons: [`rows[${index}] has no rowSeq`] };
    const row = decodeRow(wireRow, calls, faults, connections);
    if (typeof row === 'string') refused.push({ rowSeq, reason: row });
    else rows.push(row);
  }
  return { kind: 'report', report: { header, rows }, refused };
}

function decodeHeader(value: Fields, reasons: string[]): ReportHeader {
  const advertised = own(value, 'advertised');
  const closing = own(value, 'closing');
  if (advertised !== undefined && !isText(advertised, REPORT_LIMITS.address)) reasons.push('advertised is no text');
  if (closing !== undefined && typeof closing !== 'boolean') reasons.push('closing is no boolean');
  const reporter = own(value, 'reporter');
  if (typeof reporter !== 'string' || !/^[A-Za-z0-9_-]{16,64}$/.test(reporter)) {
    reasons.push('reporter is not 16 to 64 characters of A-Z a-z 0-9 _ -');
  }
  return {
    reporter: typeof reporter === 'string' ? reporter : '',
    name: requiredText(value, 'name', REPORT_LIMITS.name, reasons),
    machine: requiredText(value, 'machine', REPORT_LIMITS.name, reasons),
    hostId: requiredText(value, 'hostId', 128, reasons),
    pid: requiredCount(value, 'pid', reasons),
    stack: requiredText(value, 'stack', 256, reasons),
    listeners: list(value, 'listeners', REPORT_LIMITS.listeners, reasons).flatMap((item) => {
      const listener = decodeListener(item);
      if (listener === null) reasons.push('listeners: each is { address, port 1 to 65535, tls }');
      return listener === null ? [] : [listener];
    }),
    advertised: typeof advertised === 'string' ? advertised : null,
    sentAt: requiredTime(value, 'sentAt', reasons),
    closing: closing === true,
    counters: decodeCounters(own(value, 'counters'), reasons),
  };
}

function decodeCounters(value: unknown, reasons: string[]): Counters {
  const fields = isRecord(value) ? value : {};
  if (!isRecord(value)) reasons.push('counters is no object');
  const dropped = own(fields, 'dropped');
  const entries = isRecord(dropped) ? Object.entries(dropped) : [];
  if (!isRecord(dropped) || entries.length > REPORT_LIMITS.dropReasons || !entries.every(([, n]) => isCount(n))) {
    reasons.push('counters.dropped is no map of reasons to counts');
  }
  return {
    observed: requiredCount(fields, 'observed', reasons),
    acknowledged: requiredCount(fields, 'acknowledged', reasons),
    refused: requiredCount(fields, 'refused', reasons),
    inTransit: requiredCount(fields, 'inTransit', reasons),
    queued: requiredCount(fields, 'queued', reasons),
    // fromEntries defines own properties, so a reason named __proto__ stays a key.
    dropped: Object.fromEntries(entries.flatMap(([reason, n]) => (isCount(n) ? [[reason.slice(0, 64), n]] : []))),
    noise: requiredCount(fields, 'noise', reasons),
    pings: requiredCount(fields, 'pings', reasons),
    failures: requiredCount(fields, 'failures', reasons),
  };
}

/** Gives a reason instead of a value when the entry is bad; the reason is then the reason of each row that points at it. */
function decodeCall(value: unknown): Call | string {
  if (!isRecord(value)) return 'its call is no object';
  const path = own(value, 'path');
  const operation = decodeOperation(own(value, 'operation'));
  const actionSource = own(value, 'actionSource');
  const soapVersion = own(value, 'soapVersion');
  if (!isText(path, REPORT_LIMITS.path)) return `its call's path is no text of at most ${REPORT_LIMITS.path}`;
  if (typeof operation === 'string') return operation;
  if (
    actionSource !== undefined &&
    actionSource !== 'soapAction' &&
    actionSource !== 'parameter' &&
    actionSource !== 'wsa'
  )
    return "its call's actionSource is unknown";
  if (soapVersion !== undefined && soapVersion !== '1.1' && soapVersion !== '1.2')
    return "its call's soapVersion is neither 1.1 nor 1.2";
  const operationSource = own(value, 'operationSource');
  if (
    operationSource !== undefined &&
    operationSource !== 'body' &&
    operationSource !== 'soapAction' &&
    operationSource !== 'parameter' &&
    operationSource !== 'wsa'
  )
    return "its call's operationSource is unknown";
  const encrypted = own(value, 'encrypted');
  if (encrypted !== undefined && typeof encrypted !== 'boolean') return "its call's encrypted is no boolean";
  const texts = optionalTexts(value, { address: REPORT_LIMITS.address, action: REPORT_LIMITS.action, mediaType: 128 });
  if (typeof texts === 'string') return `its call's ${texts}`;
  return {
    ...texts,
    path,
    operation,
    ...(actionSource === undefined ? {} : { actionSource }),
    ...(soapVersion === undefined ? {} : { soapVersion }),
    ...(operationSource === undefined ? {} : { operationSource }),
    ...(encrypted === undefined ? {} : { encrypted }),
  };
}

function decodeOperation(value: unknown): Call['operation'] | string {
  if (value === null) return null;
  if (!isRecord(value)) return "its call's operation is neither null nor { namespace, name }";
  const namespace = own(value, 'namespace');
  const name = own(value, 'name');
  if (!isText(namespace, REPORT_LIMITS.namespace) || !isText(name, REPORT_LIMITS.operationName))
    return "its call's operation is out of bounds";
  return { namespace, name };
}

function decodeFault(value: unknown): Fault | string {
  if (!isRecord(value)) return 'its fault is no object';
  const bound = REPORT_LIMITS.faultText;
  const code = own(value, 'code');
  if (!isText(code, bound)) return `its fault's code is no text of at most ${bound}`;
  const texts = optionalTexts(value, { subcode: bound, reason: bound, actor: bound, detail: bound });
  if (typeof texts === 'string') return `its fault's ${texts}`;
  const subcodes = own(value, 'subcodes');
  if (subcodes === undefined) return { code, ...texts };
  if (!Array.isArray(subcodes) || subcodes.length > REPORT_LIMITS.subcodes || !subcodes.every((c) => isText(c, bound)))
    return `its fault's subcodes are no list of at most ${REPORT_LIMITS.subcodes} texts`;
  return { code, ...texts, subcodes: subcodes.map((subcode) => String(subcode).toWellFormed()) };
}

function decodeConnection(value: unknown): Connection | string {
  if (!isRecord(value)) return 'its connection is no object';
  const server = own(value, 'server');
  const client = own(value, 'client');
  return isText(server, 64) && isText(client, 64) ? { server, client } : 'its connection is not { server, client }';
}

function decodeIds(value: unknown): Identifiers | null | string {
  if (value === null) return null;
  if (!isRecord(value)) return 'its identifiers are no object';
  const bound = REPORT_LIMITS.messageId;
  const texts = optionalTexts(value, { messageId: bound, relatesTo: bound, traceparent: 128 });
  return typeof texts === 'string' ? `its ${texts}` : texts;
}

function decodeListener(value: unknown): Listener | null {
  if (!isRecord(value)) return null;
  const address = own(value, 'address');
  const port = own(value, 'port');
  const tls = own(value, 'tls');
  if (!isText(address, REPORT_LIMITS.address) || !isCount(port) || port < 1 || port > 65_535) return null;
  if (typeof tls !== 'boolean') return null;
  const behind = own(value, 'behind');
  if (behind === undefined) return { address, port, tls };
  const found = decodeBehind(behind);
  return found === null ? null : { address, port, tls, behind: found };
}

function decodeBehind(value: unknown): NonNullable<Listener['behind']> | null {
  if (!isRecord(value)) return null;
  const address = own(value, 'address');
  const state = own(value, 'state');
  const detail = own(value, 'detail');
  if (!isText(address, REPORT_LIMITS.address) || !isText(detail, 256)) return null;
  return state === 'up' || state === 'down' || state === 'unknown' ? { address, state, detail } : null;
}

function decodeRow(
  row: readonly unknown[],
  calls: readonly (Call | string)[],
  faults: readonly (Fault | string)[],
  connections: readonly (Connection | string)[],
): ReportedRow | string {
  if (row.length !== 19 && row.length !== 20) return 'a row has 19 or 20 columns';
  // By index: taken apart as a list, a row costs as much as all that is looked at in it.
  const rowSeq = row[0];
  const exchangeNo = row[1];
  const partCode = row[2];
  const callIndex = row[3];
  const roleCode = row[4];
  const parentNo = row[5];
  const start = row[6];
  const requestLast = row[7];
  const replyFirst = row[8];
  const replyLast = row[9];
  const end = row[10];
  const requestBytes = row[11];
  const replyBytes = row[12];
  const outcomeCode = row[13];
  const status = row[14];
  const faultIndex = row[15];
  const connectionIndex = row[16];
  const ordinal = row[17];
  if (!isCount(rowSeq) || !isCount(exchangeNo)) return 'exchangeNo is no count';
  const part = isCount(partCode) ? ROW_PARTS[partCode] : undefined;
  const role = isCount(roleCode) ? ROLES[roleCode] : undefined;
  if (part === undefined || role === undefined) return 'part or role is unknown';
  if (!isCountOrNull(parentNo)) return 'parent is no count';
  if (!isTime(start)) return 'start is no time';
  if (!isOffset(requestLast) || !isOffset(replyFirst) || !isOffset(replyLast) || !isOffset(end))
    return 'an offset is negative, fractional or absurd';
  if (!isCount(requestBytes) || !isCount(replyBytes)) return 'a size is no count';
  if (!isCount(status) || status > 999) return 'status is no HTTP status';
  if (!isCountOrNull(outcomeCode) || !isCountOrNull(ordinal)) return 'outcome or ordinal is no count';
  const outcome = outcomeOf(outcomeCode);
  if ((outcome === null) !== (part === 'open')) return 'an outcome is known if and only if the exchange has ended';
  if ((end === null) !== (part === 'open')) return 'an end is known if and only if the exchange has ended';
  const call = at(calls, callIndex, 'call');
  const fault = faultIndex === null ? null : at(faults, faultIndex, 'fault');
  const connection = connectionIndex === null ? null : at(connections, connectionIndex, 'connection');
  const ids = decodeIds(row[18]);
  const extras = decodeExtras(row[19] ?? null);
  if (typeof call === 'string') return call;
  if (typeof fault === 'string') return fault;
  if (typeof connection === 'string') return connection;
  if (typeof ids === 'string') return ids;
  if (typeof extras === 'string') return extras;
  return {
    rowSeq,
    exchangeNo,
    part,
    call,
    role,
    parentNo,
    start,
    requestLast,
    replyFirst,
    replyLast,
    end,
    requestBytes,
    replyBytes,
    outcome,
    status,
    fault,
    connection,
    ordinal,
    ids,
    extras,
  };
}

function at<Entry>(entries: readonly (Entry | string)[], index: unknown, what: string): Entry | string {
  const entry = isCount(index) ? entries[index] : undefined;
  return entry === undefined ? `it points at no ${what} of this report` : entry;
}

const isCountOrNull = (value: unknown): value is number | null => value === null || isCount(value);
const isOffset = (value: unknown): value is number | null =>
  value === null || (isCount(value) && value <= REPORT_LIMITS.offsetMicros);
const isTime = (value: unknown): value is number => isCount(value) && value > 0 && value <= REPORT_LIMITS.timeMicros;

function list(fields: Fields, name: string, bound: number, reasons: string[]): readonly unknown[] {
  const value = own(fields, name);
  if (!Array.isArray(value)) reasons.push(`${name} is no list`);
  else if (value.length > bound) reasons.push(`${name} has ${value.length} entries, ${bound} at most are taken`);
  return Array.isArray(value) && value.length <= bound ? value : [];
}

function requiredText(fields: Fields, name: string, maxLength: number, reasons: string[]): string {
  const value = own(fields, name);
  if (isText(value, maxLength) && value.length > 0) return value;
  reasons.push(`${name} is no text of 1 to ${maxLength} characters`);
  return '';
}

function requiredCount(fields: Fields, name: string, reasons: string[]): number {
  const value = own(fields, name);
  if (isCount(value)) return value;
  reasons.push(`${name} is no count`);
  return 0;
}

function requiredTime(fields: Fields, name: string, reasons: string[]): number {
  const value = own(fields, name);
  if (isTime(value)) return value;
  reasons.push(`${name} is no time in epoch microseconds`);
  return 1;
}
