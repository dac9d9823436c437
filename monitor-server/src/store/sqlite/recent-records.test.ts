import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecentRecords, NONE } from './recent-records.ts';

const GENERATION = 50;

test('each of the records that came last is found, whatever their numbers, and none that never came', () => {
  const process = fc.integer({ min: 1, max: 3 });
  const exchangeNo = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(fc.tuple(process, exchangeNo), { maxLength: 3 * GENERATION }), (came) => {
      const recent = createRecentRecords(() => false, GENERATION);
      for (const [index, [of, no]] of came.entries()) recent.saw(of, no, { time: 1_000 + index, seq: index + 1 });
      const last = new Map(came.map(([of, no], index) => [`${of} ${no}`, index]));
      for (const [of, no] of came.slice(-GENERATION)) {
        const index = last.get(`${of} ${no}`) ?? -1;
        expect(recent.find(of, no)).toEqual({ time: 1_000 + index, seq: index + 1 });
        expect(recent.seqOf(of, no)).toBe(index + 1);
      }
      expect(recent.seqOf(4, came[0]?.[1] ?? 0)).toBe(NONE);
      expect(recent.find(4, 0)).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test('those from two generations ago are forgotten, but for what is held in memory', () => {
  const recent = createRecentRecords((seq) => seq === 3, GENERATION);
  for (let seq = 1; seq <= 10 * GENERATION; seq++) recent.saw(1, seq, { time: seq, seq });
  expect(recent.seqOf(1, 2)).toBe(NONE);
  expect(recent.find(1, 2)).toBeNull();
  expect(recent.find(1, 3)).toEqual({ time: 3, seq: 3 });
  expect(recent.seqOf(1, 10 * GENERATION)).toBe(10 * GENERATION);
});

test('a record that is seen again is found where it was seen last', () => {
  const recent = createRecentRecords(() => true, GENERATION);
  recent.saw(1, 7, { time: 1, seq: 1 });
  for (let seq = 2; seq <= GENERATION + 1; seq++) recent.saw(2, seq, { time: seq, seq });
  recent.saw(1, 7, { time: 2, seq: 1_000 });
  for (let seq = GENERATION + 2; seq <= 3 * GENERATION; seq++) recent.saw(2, seq, { time: seq, seq });
  expect(recent.find(1, 7)).toEqual({ time: 2, seq: 1_000 });
});
