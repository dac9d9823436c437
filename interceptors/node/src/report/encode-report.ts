import {
  type Call,
  type Connection,
  type Fault,
  outcomeCode,
  REPORT_VERSION,
  type ReportedRow,
  type ReportHeader,
  ROLES,
  ROW_PARTS,
  type WireReport,
  type WireRow,
} from '@soa-monitor/protocol';

/** A report as it goes out: what repeats is said once, and rows point to it. */
export function encodeReport(header: ReportHeader, rows: readonly ReportedRow[]): WireReport {
  const calls = createDictionary<Call>((call) => call);
  const faults = createDictionary<Fault>(faultKey);
  const connections = createDictionary<Connection>((connection) => connection);
  const { advertised, closing, ...facts } = header;
  return {
    version: REPORT_VERSION,
    ...facts,
    ...(advertised === null ? {} : { advertised }),
    ...(closing ? { closing } : {}),
    rows: rows.map((row) => encodeRow(row, calls.indexOf, faults.indexOf, connections.indexOf)),
    calls: calls.entries,
    faults: faults.entries,
    connections: connections.entries,
  };
}

interface Dictionary<Entry> {
  readonly entries: Entry[];
  indexOf(entry: Entry): number;
}

function createDictionary<Entry>(keyOf: (entry: Entry) => unknown): Dictionary<Entry> {
  const indexes = new Map<unknown, number>();
  const entries: Entry[] = [];
  return {
    entries,
    indexOf: (entry) => {
      const key = keyOf(entry);
      const known = indexes.get(key);
      if (known !== undefined) return known;
      indexes.set(key, entries.length);
      return entries.push(entry) - 1;
    },
  };
}

/** Calls and connections are shared objects; each fault is its own, and most say the same. */
const faultKey = ({ code, subcode, subcodes, reason, actor, detail }: Fault): string =>
  [code, subcode ?? '', subcodes?.join('\t') ?? '', reason ?? '', actor ?? '', detail ?? ''].join('\n');

function encodeRow(
  row: ReportedRow,
  callIndex: (call: Call) => number,
  faultIndex: (fault: Fault) => number,
  connectionIndex: (connection: Connection) => number,
): WireRow {
  const part = ROW_PARTS.indexOf(row.part);
  const columns = [
    row.rowSeq,
    row.exchangeNo,
    part === 0 ? 0 : part === 1 ? 1 : 2,
    callIndex(row.call),
    ROLES.indexOf(row.role) === 0 ? 0 : 1,
    row.parentNo,
    row.start,
    row.requestLast,
    row.replyFirst,
    row.replyLast,
    row.end,
    row.requestBytes,
    row.replyBytes,
    row.outcome === null ? null : outcomeCode(row.outcome),
    row.status,
    row.fault === null ? null : faultIndex(row.fault),
    row.connection === null ? null : connectionIndex(row.connection),
    row.ordinal,
    row.ids,
  ] as const;
  // Few rows have extras: the column is left out of the others.
  return row.extras === null ? columns : [...columns, row.extras];
}
