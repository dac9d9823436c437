import { expect, it } from 'vitest';
import { proveJoining } from './joining-proof.ts';

// The share of `npm run joining` that every run of the tests takes; the seed is any.
it('of 20,000 calls built to mislead none is joined to another, and what can be told is joined', () => {
  const { calls, falseOnes, falseJoins, direct, proxied, ambiguous } = proveJoining(20_000, 20_261_122);
  expect({ falseOnes, falseJoins }).toEqual({ falseOnes: [], falseJoins: 0 });
  // The last of them may come in a group that is made whole.
  expect(calls).toBeGreaterThanOrEqual(20_000);
  expect(direct.told).toBeGreaterThan(3_000);
  // A late report of a clock that was set meanwhile cannot be placed: in so few calls one report shows.
  expect(direct.joined / direct.told).toBeGreaterThan(0.99);
  expect(proxied.told).toBeGreaterThan(1_000);
  expect(proxied.joined / proxied.told).toBeGreaterThanOrEqual(0.95);
  expect(ambiguous).toBeGreaterThan(1_000);
}, 240_000);
