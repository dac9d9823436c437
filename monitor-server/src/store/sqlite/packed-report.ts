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

export function packReport({ header, rows }: MetReport): PackedReport {
  const numbers = new Float64Array(rows.length * COLUMNS);
  const [calls, faults, connections] = [
    numbered<ReportedRow['call']>(),
    numbered<NonNullable<ReportedRow['fault']>>(),
    numbered<NonNullable<ReportedRow['connection']>>(),
  ];
  const ids: [number, ReportedRow['ids']][] = [];
  const extras: [number, ReportedRow['extras']][] = [];
  let index = 0;
  for (const row of rows) {
    const at = index * COLUMNS;
    numbers[at] = row.rowSeq;
    numbers[at + 1] = row.exchangeNo;
    numbers[at + 2] = PARTS.indexOf(row.part);
    numbers[at + 3] = calls.indexOf(row.call);
    numbers[at + 4] = row.role === 'client' ? 1 : 0;
    numbers[at + 5] = orNaN(row.parentNo);
    numbers[at + 6] = row.start;
    numbers[at + 7] = orNaN(row.requestLast);
    numbers[at + 8] = orNaN(row.replyFirst);
    numbers[at + 9] = orNaN(row.replyLast);
    numbers[at + 10] = orNaN(row.end);
    numbers[at + 11] = row.requestBytes;
    numbers[at + 12] = row.replyBytes;
    numbers[at + 13] = row.outcome === null ? Number.NaN : outcomeCode(row.outcome);
    numbers[at + 14] = row.status;
    numbers[at + 15] = row.fault === null ? Number.NaN : faults.indexOf(row.fault);
    numbers[at + 16] = row.connection === null ? Number.NaN : connections.indexOf(row.connection);
    numbers[at + 17] = orNaN(row.ordinal);
    if (row.ids !== null) ids.push([index, row.ids]);
    if (row.extras !== null) extras.push([index, row.extras]);
    index++;
  }
  return { header, numbers, calls: calls.all, faults: faults.all, connections: connections.all, ids, extras };
}

/** A report whose rows are met one after the other. An array of rows is one, too. */
export interface MetReport {
  readonly header: Report['header'];
  readonly rows: Rows;
}

export interface Rows extends Iterable<ReportedRow> {
  readonly length: number;
  some(test: (row: ReportedRow) => boolean): boolean;
}

/** Each row is valid until the next is met: all of them are one object, filled anew. */
export function unpackReport(packed: PackedReport): MetReport {
  const length = packed.numbers.length / COLUMNS;
  const rows = (): Iterator<ReportedRow> => rowsOf(packed, length);
  const some = (test: (row: ReportedRow) => boolean): boolean => {
    for (const row of { [Symbol.iterator]: rows }) if (test(row)) return true;
    return false;
  };
  return { header: packed.header, rows: { length, some, [Symbol.iterator]: rows } };
}

type Writable<Row> = { -readonly [Column in keyof Row]: Row[Column] };

function* rowsOf(packed: PackedReport, length: number): Iterator<ReportedRow> {
  const { numbers, calls, faults, connections } = packed;
  const ids = new Map(packed.ids);
  const extras = new Map(packed.extras);
  const [anyCall] = calls;
  if (anyCall === undefined) return;
  const row: Writable<ReportedRow> = { ...EMPTY, call: anyCall };
  for (let index = 0, at = 0; index < length; index++, at += COLUMNS) {
    const call = calls[numbers[at + 3] ?? 0];
    if (call === undefined) throw new Error(`row ${index} of a packed report has no call`);
    row.rowSeq = numbers[at] ?? 0;
    row.exchangeNo = numbers[at + 1] ?? 0;
    row.part = PARTS[numbers[at + 2] ?? 0] ?? 'whole';
    row.call = call;
    row.role = numbers[at + 4] === 1 ? 'client' : 'server';
    row.parentNo = orNull(numbers[at + 5]);
    row.start = numbers[at + 6] ?? 0;
    row.requestLast = orNull(numbers[at + 7]);
    row.replyFirst = orNull(numbers[at + 8]);
    row.replyLast = orNull(numbers[at + 9]);
    row.end = orNull(numbers[at + 10]);
    row.requestBytes = numbers[at + 11] ?? 0;
    row.replyBytes = numbers[at + 12] ?? 0;
    row.outcome = outcomeOf(orNull(numbers[at + 13]));
    row.status = numbers[at + 14] ?? 0;
    row.fault = entryAt(faults, orNull(numbers[at + 15]));
    row.connection = entryAt(connections, orNull(numbers[at + 16]));
    row.ordinal = orNull(numbers[at + 17]);
    row.ids = ids.get(index) ?? null;
    row.extras = extras.get(index) ?? null;
    yield row;
  }
}

const EMPTY: Omit<ReportedRow, 'call'> = {
  rowSeq: 0,
  exchangeNo: 0,
  part: 'whole',
  role: 'client',
  parentNo: null,
  start: 0,
  requestLast: null,
  replyFirst: null,
  replyLast: null,
  end: null,
  requestBytes: 0,
  replyBytes: 0,
  outcome: null,
  status: 0,
  fault: null,
  connection: null,
  ordinal: null,
  ids: null,
  extras: null,
};

const orNaN = (value: number | null): number => (value === null ? Number.NaN : value);
const orNull = (value = Number.NaN): number | null => (Number.isNaN(value) ? null : value);

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
