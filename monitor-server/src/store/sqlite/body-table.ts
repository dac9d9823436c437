import type { CapturedBody, Extras, ReportedRow, RowPart } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangeRecord, Half } from './half.ts';
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
  remove(key: BodyKey): void;
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

export function createBodyTable(database: Database): BodyTable {
  const columns = '(time, seq, message, text, bytes, truncated, redacted, rules, withheld)';
  const values = 'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
  const replace = database.prepare<(string | number | null)[]>(`INSERT OR REPLACE INTO body ${columns} ${values}`);
  const addIfNone = database.prepare<(string | number | null)[]>(`INSERT OR IGNORE INTO body ${columns} ${values}`);
  const remove = database.prepare<[number, number]>('DELETE FROM body WHERE time = ? AND seq = ?');
  return {
    keep({ time, seq }, part, { requestBody, replyBody }) {
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
    remove: ({ time, seq }) => void remove.run(time, seq),
  };
}

/** Reads the bodies of a record. Absent is null: not captured. */
export function createBodyReader(database: Database): (key: BodyKey) => Bodies {
  const select = database.prepare<[number, number], BodyRow>('SELECT * FROM body WHERE time = ? AND seq = ?');
  return ({ time, seq }) => {
    const rows = select.all(time, seq);
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
