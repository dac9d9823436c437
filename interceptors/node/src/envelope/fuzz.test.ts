import { expect, test } from 'vitest';
import { fuzz } from '../testing/envelope-fuzz.ts';

test('broken, cut and hostile messages break no promise of the reader', () => {
  const seed = Number(process.env.FUZZ_SEED ?? 1);
  const { cases, findings } = fuzz(seed, 3, 1_500);
  expect(findings).toEqual([]);
  expect(cases).toBeGreaterThan(0);
});
