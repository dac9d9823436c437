import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeqTable } from './seq-table.ts';

test('finds what a map finds, and gives all of it', () => {
  const step = fc.tuple(fc.constantFrom('set', 'remove', 'removeOther'), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = createSeqTable<{ readonly step: number }>();
      const map = new Map<number, { readonly step: number }>();
      for (const [index, [kind, seq]] of steps.entries()) {
        const known = map.get(seq);
        if (kind === 'set') {
          const entry = { step: index };
          table.set(seq, entry);
          map.set(seq, entry);
        } else if (kind === 'removeOther') table.remove(seq, { step: index });
        else if (known !== undefined) {
          table.remove(seq, known);
          map.delete(seq);
        }
        expect(table.get(seq)).toBe(map.get(seq));
      }
      expect(new Map(table.entries())).toEqual(map);
    }),
    { numRuns: 100 },
  );
});
