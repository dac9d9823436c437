import { setImmediate as nextTurn } from 'node:timers/promises';

/** The rows of pages in slices of at most so many, with a turn of the event loop after each: reports come first. */
export async function* inSlices<Row>(
  pages: AsyncIterable<readonly Row[]>,
  rowsMax: number,
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += rowsMax) {
      yield page.slice(at, at + rowsMax);
      await nextTurn();
    }
  }
}
