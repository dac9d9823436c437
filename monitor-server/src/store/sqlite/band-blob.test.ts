import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandBlob, cellNumber, cellsOfBand, LINKS_PER_BAND, readBand } from './band-blob.ts';
import { countDense, type DenseFigures, noDenseFigures, shownDense } from './dense-figures.ts';

const band = fc.uniqueArray(
  fc.record({
    link: fc.nat(LINKS_PER_BAND - 1),
    operation: fc.oneof(fc.nat(5), fc.nat(200_000)),
    exchanges: fc.array(
      fc.record({
        durationMicros: fc.oneof(fc.nat(5_000), fc.nat(90_000_000)),
        outcome: fc.constantFrom('ok' as const, 'fault' as const, 'timeout' as const),
        requestBytes: fc.nat(10_000_000_000),
        replyBytes: fc.nat(300),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  }),
  { selector: ({ link, operation }) => cellNumber(link, operation), maxLength: 40 },
);
const FIRST_LINK = 32;

function cellsOf(given: typeof band extends fc.Arbitrary<infer Given> ? Given : never): Map<number, DenseFigures> {
  const cells = new Map<number, DenseFigures>();
  for (const { link, operation, exchanges } of given) {
    const figures = noDenseFigures();
    for (const exchange of exchanges) countDense(figures, exchange, 1);
    cells.set(cellNumber(FIRST_LINK + link, operation), figures);
  }
  return cells;
}
const shown = (cells: ReadonlyMap<number, DenseFigures>) =>
  new Map([...cells].sort(([a], [b]) => a - b).map(([cell, figures]) => [cell, shownDense(figures)]));

test('a band is read as it was written, whatever the order of its cells, to the same bytes', () => {
  fc.assert(
    fc.property(band, (given) => {
      const cells = cellsOf(given);
      const blob = Buffer.from(bandBlob(cells));
      expect(shown(cellsOfBand(blob, FIRST_LINK))).toEqual(shown(cells));
      expect(Buffer.from(bandBlob(new Map([...cells].reverse()))).equals(blob)).toBe(true);
    }),
  );
});

test('a cell that is not wanted is passed over, one that is taken out leaves nothing', () => {
  fc.assert(
    fc.property(band, (given) => {
      const blob = Buffer.from(bandBlob(cellsOf(given)));
      const odd = noDenseFigures();
      const onlyOdd = (link: number): DenseFigures | null => (link % 2 === 1 ? odd : null);
      readBand(blob, FIRST_LINK, 1, onlyOdd);
      const expected = given.filter(({ link }) => link % 2 === 1).flatMap(({ exchanges }) => exchanges).length;
      expect(odd.count).toBe(expected);
      readBand(blob, FIRST_LINK, -1, onlyOdd);
      expect(shownDense(odd)).toEqual(shownDense(noDenseFigures()));
    }),
  );
});

test('a band of very many operations finds room', () => {
  const cells = new Map<number, DenseFigures>();
  for (let operation = 0; operation < 20_000; operation++) {
    const figures = noDenseFigures();
    countDense(figures, { outcome: 'ok', durationMicros: operation, requestBytes: operation, replyBytes: 1 }, 1);
    cells.set(cellNumber(FIRST_LINK, operation), figures);
  }
  expect(shown(cellsOfBand(Buffer.from(bandBlob(cells)), FIRST_LINK))).toEqual(shown(cells));
});
