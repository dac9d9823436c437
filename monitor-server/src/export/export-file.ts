import type { ExportQuery, Store, TrafficQuery } from '../store/store.ts';
import type { Column } from './column.ts';
import { csvOf } from './csv.ts';
import { exchangeColumns, exchangeDocument, exchangeRows } from './exchange-rows.ts';
import { linesOf } from './lines.ts';
import { parquetOf } from './parquet.ts';
import { TRAFFIC_COLUMNS, trafficDocument, trafficRows } from './traffic-rows.ts';

export const EXPORT_SUBJECTS = ['exchanges', 'traffic'] as const;
export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const;
type Format = (typeof EXPORT_FORMATS)[number];

export type Exported =
  | { readonly what: 'exchanges'; readonly format: Format; readonly query: ExportQuery }
  | { readonly what: 'traffic'; readonly format: Format; readonly query: TrafficQuery };

/** A file that is made while it is read: nothing is asked before its first piece is, nor after it is left. */
export interface ExportFile {
  readonly mediaType: string;
  readonly fileName: string;
  readonly pieces: AsyncIterable<string | Uint8Array>;
  /** Rows read so far; all of them once the pieces have ended. */
  rows(): number;
}

/** What an export reads. */
export type ExportStore = Pick<Store, 'export' | 'topology' | 'traffic' | 'node'>;

export function exportFile(store: ExportStore, exported: Exported): ExportFile {
  let rows = 0;
  async function* counted<Row>(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
    for await (const page of pages) {
      rows += page.length;
      yield page;
    }
  }
  const { what, format, query } = exported;
  return {
    mediaType: MEDIA_TYPES[format],
    fileName: `${what}-${stampOf(query.window.from)}-${stampOf(query.window.to)}.${format}`,
    pieces:
      exported.what === 'exchanges'
        ? piecesOf(
            format,
            counted(exchangeRows(store, exported.query)),
            exchangeColumns(exported.query.bodies),
            exchangeDocument(exported.query.bodies),
          )
        : piecesOf(format, counted(trafficRows(store, exported.query)), TRAFFIC_COLUMNS, trafficDocument),
    rows: () => rows,
  };
}

/**
 * How many rows an export will have, at most: exchanges that have ended, by window, node, link and operation; further
 * conditions can only make it fewer. Null: not known.
 */
export async function estimatedRows(store: Pick<Store, 'traffic'>, exported: Exported): Promise<number | null> {
  if (exported.what === 'traffic') return null;
  const { window, node, link, operation } = exported.query;
  // Whole minutes, so that it is answered from what is counted already.
  const stepMicros = Math.ceil((window.to - window.from) / MINUTE_MICROS) * MINUTE_MICROS;
  const { buckets } = await store.traffic({ window, stepMicros, node, link, operation });
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

const MINUTE_MICROS = 60_000_000;
/** Written at once, while reports wait: some milliseconds of work. */
const ROWS_PER_GROUP = 1_000;

export const MEDIA_TYPES: { readonly [F in Format]: string } = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

function piecesOf<Row>(
  format: Format,
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly Column<Row>[],
  documentOf: (row: Row) => object,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return csvOf(pages, columns);
    case 'ndjson':
      return linesOf(pages, documentOf);
    case 'parquet':
      return parquetOf(pages, columns, ROWS_PER_GROUP);
  }
}

/** As a file may be named everywhere: 20261122T140300Z. */
const stampOf = (micros: number): string =>
  `${new Date(Math.floor(micros / 1_000)).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
