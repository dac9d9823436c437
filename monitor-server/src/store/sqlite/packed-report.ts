import { outcomeCode, outcomeOf, type Report, type ReportedRow } from '@soa-monitor/protocol';

/**
 * A report on its way to the writer's thread: numbers in one array that is handed over, what repeats once. Cloned as it is,
 * a report costs either thread more than reading its JSON did.
 */
export interface PackedReport {
  readonly header: Report['header'];
  /** COLUMNS numbers a row; what is null is NaN, and what is one of a list is its index. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly calls: readonly ReportedRow['call'][];
  readonly faults: readonly ReportedRow['fault'][];
  readonly connections: readonly ReportedRow['connection'][];
  /** Of the rows that have any, by index. */
  readonly ids: readonly (readonly [number, ReportedRow['ids']])[];
  readonly extras: readonly (readonly [number, ReportedRow['extras']])[];
}

const COLUMNS = 18;
const PARTS: readonly ReportedRow['part'][] = ['whole', 'open', 'close'];

export function packReport({ header, rows }: Report): PackedReport {
  const numbers = new Float64Array(rows.length * COLUMNS);
  const [calls, faults, connections] = [
    numbered<ReportedRow['call']>(),
    numbered<NonNullable<ReportedRow['fault']>>(),
    numbered<NonNullable<ReportedRow['connection']>>(),
  ];
  const ids: [number, ReportedRow['ids']][] = [];
  const extras: [number, ReportedRow['extras']][] = [];
  let at = 0;
  const put = (value: number | null): void => {
    numbers[at++] = value ?? Number.NaN;
  };
  for (const [index, row] of rows.entries()) {
    put(row.rowSeq);
    put(row.exchangeNo);
    put(PARTS.indexOf(row.part));
    put(calls.indexOf(row.call));
    put(row.role === 'client' ? 1 : 0);
    put(row.parentNo);
    put(row.start);
    put(row.requestLast);
    put(row.replyFirst);
    put(row.replyLast);
    put(row.end);
    put(row.requestBytes);
    put(row.replyBytes);
    put(row.outcome === null ? null : outcomeCode(row.outcome));
    put(row.status);
    put(row.fault === null ? null : faults.indexOf(row.fault));
    put(row.connection === null ? null : connections.indexOf(row.connection));
    put(row.ordinal);
    if (row.ids !== null) ids.push([index, row.ids]);
    if (row.extras !== null) extras.push([index, row.extras]);
  }
  return { header, numbers, calls: calls.all, faults: faults.all, connections: connections.all, ids, extras };
}

export function unpackReport(packed: PackedReport): Report {
  const { header, numbers, calls, faults, connections } = packed;
  const rows: ReportedRow[] = [];
  const ids = new Map(packed.ids);
  const extras = new Map(packed.extras);
  let at = 0;
  const orNull = (): number | null => {
    const value = numbers[at++] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  const count = (): number => numbers[at++] ?? 0;
  for (let index = 0; index < numbers.length / COLUMNS; index++) {
    const rowSeq = count();
    const exchangeNo = count();
    const part = PARTS[count()] ?? 'whole';
    const call = calls[count()];
    if (call === undefined) throw new Error(`row ${index} of a packed report has no call`);
    rows.push({
      rowSeq,
      exchangeNo,
      part,
      call,
      role: count() === 1 ? 'client' : 'server',
      parentNo: orNull(),
      start: count(),
      requestLast: orNull(),
      replyFirst: orNull(),
      replyLast: orNull(),
      end: orNull(),
      requestBytes: count(),
      replyBytes: count(),
      outcome: outcomeOf(orNull()),
      status: count(),
      fault: entryAt(faults, orNull()),
      connection: entryAt(connections, orNull()),
      ordinal: orNull(),
      ids: ids.get(index) ?? null,
      extras: extras.get(index) ?? null,
    });
  }
  return { header, rows };
}

const entryAt = <Entry>(entries: readonly Entry[], index: number | null): Entry | null =>
  index === null ? null : (entries[index] ?? null);

/** Rows of one report share what repeats, so it is told apart by identity. */
function numbered<Entry extends object>() {
  const indexes = new Map<Entry, number>();
  const all: Entry[] = [];
  return {
    all,
    indexOf(entry: Entry): number {
      const known = indexes.get(entry);
      if (known !== undefined) return known;
      const index = all.push(entry) - 1;
      indexes.set(entry, index);
      return index;
    },
  };
}
