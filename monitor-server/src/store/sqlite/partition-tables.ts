/**
 * The tables of one stretch of time. A row of `observation_<n>` is one side's record of one exchange. The half that places
 * the exchange (the client's, where there is one) also carries what is known of the exchange as a whole; the other half's row
 * points to it. So an exchange costs two rows and no index, and a stretch is dropped whole.
 *
 * What only waits for its other half (pending 1) is in no index: it began lately, and is found by its time.
 *
 * Times of other rows (`partner_after`, `parent_before`, `received_after`) are kept as distances: three bytes, not eight.
 */
export const stretchTables = (number: number): string => `
  CREATE TABLE observation_${number} (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, process INTEGER NOT NULL, exchange_no INTEGER NOT NULL,
    role INTEGER NOT NULL, call INTEGER NOT NULL, parent_no INTEGER, request_last INTEGER, reply_first INTEGER,
    reply_last INTEGER, end_offset INTEGER, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL, outcome INTEGER,
    status INTEGER NOT NULL, fault INTEGER, connection ANY, ordinal INTEGER, ids TEXT, extras TEXT,
    offset_micros INTEGER NOT NULL, placed INTEGER NOT NULL, parts INTEGER NOT NULL,
    partner_after INTEGER, partner_seq INTEGER, received_after INTEGER, link INTEGER, evidence INTEGER,
    ambiguous INTEGER NOT NULL, parent_before INTEGER, parent_seq INTEGER, lost INTEGER NOT NULL, pending INTEGER NOT NULL,
    clock_offset INTEGER, clock_uncertainty INTEGER, PRIMARY KEY (time, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pending_${number} ON observation_${number} (time, seq) WHERE pending > 1;
  CREATE TABLE child_${number} (
    parent_time INTEGER NOT NULL, parent_seq INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (parent_time, parent_seq, time, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt_${number} (
    process INTEGER NOT NULL, of INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (process, of, time, seq)
  ) STRICT, WITHOUT ROWID;
  ${bodyTable(number)}
`;

/** With a rowid: long texts lie badly in the tree of a table without one. */
const bodyTable = (number: number): string => `
  CREATE TABLE body_${number} (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, message INTEGER NOT NULL, text TEXT NOT NULL, bytes INTEGER NOT NULL,
    truncated INTEGER NOT NULL, redacted INTEGER NOT NULL, rules TEXT NOT NULL, withheld TEXT,
    PRIMARY KEY (time, seq, message)
  ) STRICT;`;

/** Of the half that places an exchange: the client's, or one that has no other half. */
export const IS_PLACING = '(o.role = 1 OR o.partner_seq IS NULL)';
