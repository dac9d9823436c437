import { bucketOf, outcomeCode } from '@soa-monitor/protocol';
import Database from 'better-sqlite3';
import type { OrdinaryReport, OrdinaryRow } from './report-shape.ts';

/**
 * The same duties, written plainly: each row is looked up and inserted with a prepared statement, its other half is found
 * by an index, the minute is counted with an upsert, all in one transaction a report. The tables are those one would think
 * of first, though without needless width: names are numbers, as in the product.
 */
export interface OrdinaryStore {
  /** Gives what viewers are told: the exchanges that were made or completed. */
  append(report: OrdinaryReport): readonly ShownExchange[];
  counts(): { readonly observations: number; readonly exchanges: number; readonly counted: number };
}

interface ShownExchange {
  readonly id: number;
  readonly call: number;
  readonly start: number;
  readonly duration: number | null;
  readonly outcome: number | null;
}

const MINUTE_MICROS = 60_000_000;
const FAULT = outcomeCode('fault');

export function createOrdinaryStore(path: string): OrdinaryStore {
  const database = new Database(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'wal_autocheckpoint = 4000', 'cache_size = -65536'])
    database.pragma(pragma);
  database.exec(SCHEMA);
  const knowReporter = database.prepare('INSERT OR IGNORE INTO reporter (name) VALUES (?)');
  const reporterNumber = database.prepare<[string], { number: number }>('SELECT number FROM reporter WHERE name = ?');
  const acknowledge = database.prepare('INSERT OR IGNORE INTO acknowledged VALUES (?, ?)');
  const knowCall = database.prepare('INSERT OR IGNORE INTO call (text) VALUES (?)');
  const callNumber = database.prepare<[string], { number: number }>('SELECT number FROM call WHERE text = ?');
  const otherHalf = database.prepare<[string], { id: number; counted: number }>(
    'SELECT id, counted FROM exchange WHERE evidence = ?',
  );
  const makeExchange = database.prepare('INSERT INTO exchange (evidence, counted) VALUES (?, ?)');
  const setCounted = database.prepare('UPDATE exchange SET counted = 1 WHERE id = ?');
  const insert = database.prepare(`INSERT INTO observation VALUES (${Array(17).fill('?').join(', ')})`);
  const count = database.prepare(
    `INSERT INTO rollup_minute VALUES (?, ?, ?, 1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + 1, faults = faults + excluded.faults,
       request_bytes = request_bytes + excluded.request_bytes, reply_bytes = reply_bytes + excluded.reply_bytes`,
  );

  const append = database.transaction((report: OrdinaryReport): readonly ShownExchange[] => {
    knowReporter.run(report.reporter);
    const reporter = reporterNumber.get(report.reporter)?.number ?? 0;
    const calls = report.calls.map((call) => {
      const text = JSON.stringify(call);
      knowCall.run(text);
      return callNumber.get(text)?.number ?? 0;
    });
    const shown: ShownExchange[] = [];
    for (const row of report.rows) {
      if (acknowledge.run(reporter, row[0]).changes === 0) continue;
      const call = calls[row[3]] ?? 0;
      const exchange = exchangeOf(report, row);
      insertRow(row, exchange.id, reporter, call);
      const [start, end, outcome] = [row[6], row[10], row[13]];
      // The caller's side is what is counted.
      if (row[4] === 1 && end !== null && exchange.counted === 0) {
        setCounted.run(exchange.id);
        const minute = Math.floor(start / MINUTE_MICROS);
        count.run(minute, call, bucketOf(end), outcome === FAULT ? 1 : 0, row[11], row[12]);
      }
      shown.push({ id: exchange.id, call, start, duration: end, outcome });
    }
    return shown;
  });

  const exchangeOf = ({ connections }: OrdinaryReport, row: OrdinaryRow): { id: number; counted: number } => {
    const connection = row[16] === null ? undefined : connections[row[16]];
    const evidence = connection === undefined ? null : `${connection.server} ${connection.client} ${row[17]}`;
    const known = evidence === null ? undefined : otherHalf.get(evidence);
    return known ?? { id: Number(makeExchange.run(evidence, 0).lastInsertRowid), counted: 0 };
  };
  const insertRow = (row: OrdinaryRow, exchange: number, reporter: number, call: number): void => {
    const ids = row[18] === null ? null : JSON.stringify(row[18]);
    insert.run(
      ...[row[6], row[0], exchange, reporter, row[1], row[4], call, row[5], row[7], row[8], row[9]],
      ...[row[10], row[11], row[12], row[13], row[14], ids],
    );
  };
  const all = (sql: string): number => Number(database.prepare<[], { n: number }>(sql).get()?.n ?? 0);

  return {
    append,
    counts: () => ({
      observations: all('SELECT count(*) AS n FROM observation'),
      exchanges: all('SELECT count(*) AS n FROM exchange'),
      counted: all('SELECT sum(count) AS n FROM rollup_minute'),
    }),
  };
}

const SCHEMA = `
  CREATE TABLE reporter (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE acknowledged (
    reporter INTEGER NOT NULL, row_seq INTEGER NOT NULL, PRIMARY KEY (reporter, row_seq)
  ) WITHOUT ROWID;
  CREATE TABLE call (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE exchange (id INTEGER PRIMARY KEY, evidence TEXT UNIQUE, counted INTEGER NOT NULL);
  CREATE TABLE observation (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, exchange INTEGER NOT NULL, reporter INTEGER NOT NULL,
    exchange_no INTEGER NOT NULL, role INTEGER NOT NULL, call INTEGER NOT NULL, parent_no INTEGER, request_last INTEGER,
    reply_first INTEGER, reply_last INTEGER, end_offset INTEGER, request_bytes INTEGER NOT NULL,
    reply_bytes INTEGER NOT NULL, outcome INTEGER, status INTEGER NOT NULL, ids TEXT,
    PRIMARY KEY (time, reporter, seq)
  ) WITHOUT ROWID;
  CREATE TABLE rollup_minute (
    minute INTEGER NOT NULL, call INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL,
    faults INTEGER NOT NULL, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL,
    PRIMARY KEY (minute, call, bucket)
  ) WITHOUT ROWID;`;
