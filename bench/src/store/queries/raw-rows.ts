import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import type { Half } from '../load/halves.ts';

/**
 * The same observations as plain rows, for the peers: names are numbers, the key is (time, seq), and each row carries its
 * link and operation, which the product has to find out by joining. No peer has an index besides.
 */
const COLUMNS = [
  ...['time', 'seq', 'exchange', 'service', 'exchange_no', 'role', 'link', 'operation', 'parent_no', 'request_last'],
  ...['reply_first', 'reply_last', 'end_offset', 'request_bytes', 'reply_bytes', 'outcome', 'status', 'connection'],
  ...['ordinal', 'ids'],
] as const;
const typesOf = (integer: string, text: string): string =>
  COLUMNS.map((name) => `${name} ${name === 'ids' ? text : integer}`).join(', ');

export interface RawRows {
  add(half: Half): void;
  /** Writes what was added; call it now and then. */
  flush(): void;
  /** Closes the table and loads the same rows into DuckDB. */
  finish(): Promise<void>;
}

export const rawPath = (folder: string): string => join(folder, 'raw.sqlite');
export const duckPath = (folder: string): string => join(folder, 'raw.duckdb');

export function createRawRows(folder: string): RawRows {
  const database = new Database(rawPath(folder));
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -65536']) database.pragma(pragma);
  database.exec(
    `CREATE TABLE observation (${typesOf('INTEGER', 'TEXT')}, PRIMARY KEY (time, seq)) STRICT, WITHOUT ROWID`,
  );
  const insert = database.prepare(`INSERT INTO observation VALUES (${COLUMNS.map(() => '?').join(', ')})`);
  const csv = join(folder, 'raw.csv');
  let rows: (number | string | null)[][] = [];
  let seq = 0;
  const flush = database.transaction(() => {
    for (const row of rows) insert.run(row);
    writeFileSync(csv, rows.map((row) => `${row.join(',')}\n`).join(''), { flag: 'a' });
    rows = [];
  });
  return {
    add: (half) => void rows.push(rowOf(half, seq++)),
    flush: () => flush(),
    async finish() {
      flush();
      database.close();
      const instance = await DuckDBInstance.create(duckPath(folder));
      const connection = await instance.connect();
      await connection.run(`CREATE TABLE observation (${typesOf('BIGINT', 'VARCHAR')})`);
      await connection.run(`COPY observation FROM '${csv}' (FORMAT csv, HEADER false)`);
      await connection.run('CHECKPOINT');
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const rowOf = (half: Half, seq: number): (number | string | null)[] => [
  half.start,
  seq,
  half.exchange,
  half.service,
  half.exchangeNo,
  half.role,
  half.pair.link.number,
  half.pair.number,
  half.parentNo,
  half.requestLast,
  half.replyFirst,
  half.replyLast,
  half.end,
  half.pair.requestBytes,
  half.pair.replyBytes,
  half.outcome,
  half.status,
  half.connection.number,
  half.ordinal,
  half.messageId,
];
