import type { CapturedBody, Extras, ReportedRow, RowPart } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangeRecord, Half } from './half.ts';
import { listPartitions, type Partitions, perPartition } from './partitions.ts';
import type { Process } from './processes.ts';

/**
 * Captured bodies, in a table of their own by the key of their observation: a body is up to a thousand times as large as
 * the rest of its record, and only a question for one exchange ever reads it.
 */
export interface BodyTable {
  /**
   * Keeps the bodies of one row of the record. A later row of the record knows more than its `open`, whichever came first.
   */
  keep(key: BodyKey, part: RowPart, bodies: Bodies): void;
}

export interface BodyKey {
  readonly time: number;
  readonly seq: number;
}

export interface Bodies {
  readonly requestBody: CapturedBody | null;
  readonly replyBody: CapturedBody | null;
}

const REQUEST = 0;
const REPLY = 1;
export const NO_BODIES: Bodies = { requestBody: null, replyBody: null };

export function createBodyTable(database: Database, partitions: Partitions): BodyTable {
  const columns = '(time, seq, message, text, bytes, truncated, redacted, rules, withheld)';
  const values = 'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
  const statements = perPartition((number) => ({
    replace: database.prepare<(string | number | null)[]>(`INSERT OR REPLACE INTO body_${number} ${columns} ${values}`),
    addIfNone: database.prepare<(string | number | null)[]>(
      `INSERT OR IGNORE INTO body_${number} ${columns} ${values}`,
    ),
  }));
  return {
    keep({ time, seq }, part, { requestBody, replyBody }) {
      const partition = partitions.of(time);
      // Older than bodies are kept.
      if (!partition.hasBodies) return;
      const { replace, addIfNone } = statements(partition.number);
      const put = part === 'open' ? addIfNone : replace;
      for (const [message, body] of [
        [REQUEST, requestBody],
        [REPLY, replyBody],
      ] as const) {
        if (body === null) continue;
        const { text, bytes, truncated, redacted, rules, withheld = null } = body;
        put.run(time, seq, message, text, bytes, truncated ? 1 : 0, redacted, rules, withheld);
      }
    },
  };
}

/** Reads the bodies of a record. Absent is null: not captured, or older than bodies are kept. */
export function createBodyReader(database: Database): (key: BodyKey) => Bodies {
  const partitionsIn = listPartitions(database);
  return ({ time, seq }) => {
    const [partition] = partitionsIn(time, time + 1);
    if (partition === undefined || !partition.hasBodies) return NO_BODIES;
    const rows = database
      .prepare<[number, number], BodyRow>(`SELECT * FROM body_${partition.number} WHERE time = ? AND seq = ?`)
      .all(time, seq);
    const of = (message: number): CapturedBody | null => {
      const row = rows.find((candidate) => candidate.message === message);
      return row === undefined ? null : bodyOfRow(row);
    };
    return rows.length === 0 ? NO_BODIES : { requestBody: of(REQUEST), replyBody: of(REPLY) };
  };
}

/** The extras without the bodies, and the bodies: null where there are none. */
export function withoutBodies(extras: Extras | null): {
  readonly extras: Extras | null;
  readonly bodies: Bodies | null;
} {
  if (extras?.requestBody === undefined && extras?.replyBody === undefined) return { extras, bodies: null };
  const { requestBody = null, replyBody = null, ...rest } = extras;
  return { extras: Object.keys(rest).length === 0 ? null : rest, bodies: { requestBody, replyBody } };
}

/**
 * The half that this row made or completed. Null when a confused reporter has used a number twice: the bodies of one call
 * must not be shown as another's.
 */
export function halfOfRow(exchange: ExchangeRecord | null, process: Process, row: ReportedRow): Half | null {
  const half = (row.role === 'client' ? exchange?.client : exchange?.server) ?? null;
  if (half === null || half.process.number !== process.number || half.exchangeNo !== row.exchangeNo) return null;
  return half.time - half.offset === row.start ? half : null;
}

interface BodyRow {
  readonly message: number;
  readonly text: string;
  readonly bytes: number;
  readonly truncated: number;
  readonly redacted: number;
  readonly rules: string;
  readonly withheld: string | null;
}

const bodyOfRow = ({ text, bytes, truncated, redacted, rules, withheld }: BodyRow): CapturedBody => ({
  text,
  bytes,
  truncated: truncated === 1,
  redacted,
  rules,
  ...(withheld === null ? {} : { withheld }),
});
