import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histogramFromBlob, histogramToBlob } from './histogram-blob.ts';

it('a histogram comes back from its blob as it was', () => {
  const histograms = fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 1, max: 2 ** 40 })));
  fc.assert(
    fc.property(histograms, (entries) => {
      const histogram = new Map(entries);
      const sorted = [...histogram].sort(([a], [b]) => a - b);
      expect([...histogramFromBlob(histogramToBlob(histogram))]).toEqual(sorted);
    }),
  );
});
