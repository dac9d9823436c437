import type { Database } from 'better-sqlite3';
import { stretchTables } from '../partition-tables.ts';

const HOUR_MICROS = 3_600_000_000;

const TABLES = `
  CREATE TABLE partition (
    number INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, observations INTEGER NOT NULL,
    has_bodies INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE partition_process (
    partition INTEGER NOT NULL, process INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (partition, process)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE address (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO meta VALUES ('facts_from', 0);
  DELETE FROM meta WHERE name = 'exchange_id';
  ALTER TABLE process DROP COLUMN exchange_no_max;
`;

/**
 * Facts lie in tables of a stretch of time each, and what was the table of exchanges lies in the rows of their halves. The
 * exchanges of before get new ids: those of the half that was seen first.
 */
export function partitions(database: Database): void {
  database.exec(TABLES);
  // Divided in SQL by a whole number: one that is bound would be taken for a fraction.
  const hours = database
    .prepare<[], { hour: number }>(`SELECT DISTINCT time / ${HOUR_MICROS} AS hour FROM observation ORDER BY hour`)
    .all();
  for (const [index, { hour }] of hours.entries()) carryOver(database, index + 1, hour * HOUR_MICROS);
  database.exec(`
    DROP TABLE observation; DROP TABLE observation_key; DROP TABLE exchange; DROP TABLE child; DROP TABLE merged;
    DROP TABLE body; DROP TABLE attempt;
  `);
}

function carryOver(database: Database, number: number, from: number): void {
  const range = { from, to: from + HOUR_MICROS };
  database.exec(stretchTables(number));
  database
    .prepare(
      `INSERT INTO observation_${number}
       SELECT o.time, o.seq, o.process, o.exchange_no, o.role, o.call, o.parent_no, o.request_last, o.reply_first,
         o.reply_last, o.end_offset, o.request_bytes, o.reply_bytes, o.outcome, o.status, o.fault, o.connection, o.ordinal,
         o.ids, o.extras, o.offset_micros, o.placed, o.parts,
         CASE o.role WHEN 1 THEN e.server_time ELSE e.client_time END - o.time,
         CASE o.role WHEN 1 THEN e.server_seq ELSE e.client_seq END,
         CASE WHEN e.pending != 0 OR e.client_time IS NULL OR e.server_time IS NULL THEN e.received_at - o.time END,
         e.link, e.evidence, iif(o.places, e.ambiguous, 0), iif(o.places, o.time - p.server_time, NULL),
         iif(o.places, p.server_seq, NULL), iif(o.places, e.lost, 0), iif(o.places, iif(e.pending = 1, 9, e.pending), 0),
         iif(o.places, e.clock_offset, NULL), iif(o.places, e.clock_uncertainty, NULL)
       FROM (SELECT x.*, (x.role = 1 OR y.client_time IS NULL) AS places
             FROM observation x JOIN exchange y ON y.id = x.exchange WHERE x.time >= @from AND x.time < @to) o
         JOIN exchange e ON e.id = o.exchange LEFT JOIN exchange p ON p.id = e.parent
       ORDER BY o.time, o.seq`,
    )
    .run(range);
  database
    .prepare(
      `INSERT INTO child_${number}
       SELECT p.server_time, p.server_seq, e.client_time, e.client_seq FROM exchange p
         JOIN child c ON c.parent = p.id JOIN exchange e ON e.id = c.exchange
       WHERE p.server_time >= @from AND p.server_time < @to AND e.client_time IS NOT NULL`,
    )
    .run(range);
  for (const table of ['attempt', 'body']) {
    database
      .prepare(`INSERT INTO ${table}_${number} SELECT * FROM ${table} WHERE time >= @from AND time < @to`)
      .run(range);
  }
  database
    .prepare(`INSERT INTO partition SELECT ?, ?, ?, count(*), 1 FROM observation_${number}`)
    .run(number, range.from, range.to);
  database
    .prepare(`INSERT INTO partition_process SELECT ?, process, sum(parts) FROM observation_${number} GROUP BY process`)
    .run(number);
}
