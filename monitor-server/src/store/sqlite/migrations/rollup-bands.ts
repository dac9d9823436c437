import type { Database } from 'better-sqlite3';
import { bandBlob, bandKey, bandOf, cellNumber } from '../band-blob.ts';
import { addColumns, type DenseFigures, type FigureRow, noDenseFigures, numberAt } from '../dense-figures.ts';

/**
 * Closed buckets as bands (band-blob.ts): their cells were a row each. Ten minutes and hours are packed here; the minutes,
 * which are many, some with each commit, by whoever closes them: `rollup_closed` says how far.
 */
export function rollupBands(database: Database): void {
  for (const tier of ['minute', 'ten_minutes', 'hour'])
    database.exec(`CREATE TABLE band_${tier} (key INTEGER PRIMARY KEY, cells BLOB NOT NULL) STRICT`);
  for (const tier of ['ten_minutes', 'hour']) {
    pack(database, `rollup_${tier}`, `band_${tier}`);
    database.exec(`DROP TABLE rollup_${tier}`);
  }
  database.exec("INSERT INTO rollup_closed VALUES ('minute', 0, 0)");
}

function pack(database: Database, from: string, to: string): void {
  const buckets = database.prepare<[], number>(`SELECT DISTINCT bucket FROM ${from} ORDER BY bucket`).pluck();
  const select = database
    .prepare<[number], FigureRow>(
      `SELECT link, operation, count, faults, errors, request_bytes, reply_bytes, histogram FROM ${from}
       WHERE bucket = ? ORDER BY link, operation`,
    )
    .raw();
  const put = database.prepare<[number, Buffer]>(`INSERT INTO ${to} VALUES (?, ?)`);
  for (const bucket of buckets.all()) {
    const bands = new Map<number, Map<number, DenseFigures>>();
    for (const row of select.all(bucket)) {
      const link = numberAt(row, 0);
      const figures = noDenseFigures();
      addColumns(figures, row, 2, 1);
      const cells = bands.get(bandOf(link)) ?? new Map<number, DenseFigures>();
      bands.set(bandOf(link), cells.set(cellNumber(link, numberAt(row, 1)), figures));
    }
    for (const [band, cells] of bands) put.run(bandKey(bucket, band), bandBlob(cells));
  }
}
