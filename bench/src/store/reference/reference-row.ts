import type { Half } from '../load/halves.ts';

/**
 * The reference: what an observation is when it is written and nothing more. Fixed here, so that the product's own layout may
 * change without moving the yardstick. Columns: key (time, seq), the exchange, the process and its number for it, the call
 * (dictionary number of link and operation), role, outcome and status packed into `flags`, the parent's number, four offsets,
 * two sizes, the connection (dictionary number), the ordinal on it, and the identifiers as text (a third of the rows).
 */
export const REFERENCE_SCHEMA = `
  CREATE TABLE observation (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, exchange INTEGER NOT NULL, process INTEGER NOT NULL,
    exchange_no INTEGER NOT NULL, call INTEGER NOT NULL, flags INTEGER NOT NULL, parent_no INTEGER,
    request_last INTEGER, reply_first INTEGER, reply_last INTEGER, end_offset INTEGER,
    request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL, connection INTEGER, ordinal INTEGER, ids TEXT,
    PRIMARY KEY (time, seq)
  ) STRICT, WITHOUT ROWID`;
export const REFERENCE_INSERT = `INSERT INTO observation VALUES (${Array(17).fill('?').join(', ')})`;

export const referenceRow = (half: Half, seq: number): (number | string | null)[] => [
  half.start,
  seq,
  half.exchange,
  half.service,
  half.exchangeNo,
  half.pair.number,
  half.role | (half.outcome << 1) | (half.status << 8),
  half.parentNo,
  half.requestLast,
  half.replyFirst,
  half.replyLast,
  half.end,
  half.pair.requestBytes,
  half.pair.replyBytes,
  half.connection.number,
  half.ordinal,
  half.messageId === null ? null : `{"messageId":"${half.messageId}"}`,
];
