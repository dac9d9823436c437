import type { ReportedRow } from '@soa-monitor/protocol';
import type { Observation } from '../observation/describe.ts';

/** The rows that wait to be reported. Bounded by rows and by bytes; the oldest goes first, and every row is accounted for. */
export interface RowQueue {
  /** Numbers it and keeps it. */
  offer(observation: Observation): void;
  /** Counts a row that never came to be. */
  drop(reason: string): void;
  /** Moves the oldest rows into transit. One batch is in transit at a time, until it is settled or given back. */
  take(rowsMax: number, bytesMax: number): readonly ReportedRow[];
  /** The monitor's word on the batch in transit; rows it said nothing of count as dropped. */
  settle(acknowledged: number, refused: number): void;
  /** The batch in transit is to be tried again. */
  giveBack(): void;
  discard(reason: string): void;
  size(): number;
  counts(): RowCounts;
}

/** observed = acknowledged + refused + inTransit + queued + all dropped, at every moment. */
export interface RowCounts {
  readonly observed: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly inTransit: number;
  readonly queued: number;
  readonly dropped: { readonly [reason: string]: number };
}

export function createRowQueue({ rowsMax, bytesMax }: { rowsMax: number; bytesMax: number }): RowQueue {
  let rows: (ReportedRow | undefined)[] = [];
  let head = 0;
  let bytes = 0;
  let transit: readonly ReportedRow[] = [];
  let observed = 0;
  let acknowledged = 0;
  let refused = 0;
  const dropped: { [reason: string]: number } = {};

  const size = (): number => rows.length - head;
  const countDropped = (reason: string, count: number): void => {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  const shift = (): ReportedRow | undefined => {
    const row = rows[head];
    rows[head++] = undefined;
    if (row !== undefined) bytes -= estimatedBytes(row);
    if (head > 1_024 && head * 2 > rows.length) {
      rows = rows.slice(head);
      head = 0;
    }
    return row;
  };
  const keepBounds = (): void => {
    let count = 0;
    while (size() > 0 && (size() > rowsMax || bytes > bytesMax)) {
      shift();
      count++;
    }
    countDropped('queueFull', count);
  };

  return {
    offer: (observation) => {
      observation.rowSeq = observed++;
      rows.push(observation);
      bytes += estimatedBytes(observation);
      keepBounds();
    },
    drop: (reason) => {
      observed++;
      countDropped(reason, 1);
    },
    take: (takeRowsMax, takeBytesMax) => {
      const taken: ReportedRow[] = [];
      let takenBytes = 0;
      while (size() > 0 && taken.length < takeRowsMax && takenBytes < takeBytesMax) {
        const row = shift();
        if (row === undefined) break;
        taken.push(row);
        takenBytes += estimatedBytes(row);
      }
      transit = taken;
      return taken;
    },
    settle: (acknowledgedNow, refusedNow) => {
      const refusedRows = Math.min(refusedNow, transit.length);
      const acknowledgedRows = Math.min(acknowledgedNow, transit.length - refusedRows);
      acknowledged += acknowledgedRows;
      refused += refusedRows;
      countDropped('unanswered', transit.length - refusedRows - acknowledgedRows);
      transit = [];
    },
    giveBack: () => {
      rows = [...transit, ...rows.slice(head)];
      head = 0;
      for (const row of transit) bytes += estimatedBytes(row);
      transit = [];
      keepBounds();
    },
    discard: (reason) => {
      countDropped(reason, transit.length);
      transit = [];
    },
    size,
    counts: () => ({
      observed,
      acknowledged,
      refused,
      inTransit: transit.length,
      queued: size(),
      dropped: { ...dropped },
    }),
  };
}

/** What a row costs in memory, roughly: its fields, and the texts that it shares with no other row. */
function estimatedBytes({ fault, ids, extras }: ReportedRow): number {
  let bytes = 256;
  if (extras !== null) {
    // Two bytes a character in memory, at most three in JSON: no text of XML is escaped to more.
    const { requestBody, replyBody } = extras;
    bytes += 128 + 2 * ((requestBody?.text.length ?? 0) + (replyBody?.text.length ?? 0));
  }
  if (ids !== null) bytes += 64 + (ids.messageId?.length ?? 0) + (ids.relatesTo?.length ?? 0);
  if (fault !== null) {
    const { code, subcode, reason, actor, detail } = fault;
    bytes += 128 + code.length + (subcode?.length ?? 0) + (reason?.length ?? 0);
    bytes += (actor?.length ?? 0) + (detail?.length ?? 0);
  }
  return bytes;
}
