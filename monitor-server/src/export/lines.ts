import { inSlices } from './in-slices.ts';

/** One JSON document to the line. */
export async function* linesOf<Row>(
  pages: AsyncIterable<readonly Row[]>,
  documentOf: (row: Row) => object,
): AsyncGenerator<string> {
  for await (const rows of inSlices(pages, ROWS_PER_SLICE)) {
    yield rows.map((row) => `${JSON.stringify(documentOf(row))}\n`).join('');
  }
}

const ROWS_PER_SLICE = 250;
