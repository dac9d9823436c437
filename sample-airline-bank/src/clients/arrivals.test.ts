import { expect, test } from 'vitest';
import { runArrivals } from './arrivals.ts';
import { seededRandom } from './random.ts';

const clock = { random: seededRandom(1), now: () => performance.now() };

test('exactly so many calls are made, and it is done when the last has returned', async () => {
  let begun = 0;
  let returned = 0;
  const { done } = runArrivals({ perSecond: 5_000, calls: 50 }, clock, async () => {
    begun += 1;
    await new Promise((resolve) => setImmediate(resolve));
    returned += 1;
  });
  await done;
  expect({ begun, returned }).toEqual({ begun: 50, returned: 50 });
});

test('moments are as many as the rate says, on average', async () => {
  let now = 0;
  let calls = 0;
  const arrivals = runArrivals(
    { perSecond: 100, calls: 10_000 },
    { random: seededRandom(2), now: () => now },
    async () => {
      calls += 1;
      // As soon as something arrives ten minutes' worth of it is due.
      now = 50_000;
    },
  );
  while (calls < 4_500) await new Promise((resolve) => setImmediate(resolve));
  arrivals.stop();
  await arrivals.done;
  expect(calls).toBeGreaterThan(4_800);
  expect(calls).toBeLessThan(5_200);
});

test('when it is told to stop, no call more is begun, and it waits for those in flight', async () => {
  const returns: (() => void)[] = [];
  const arrivals = runArrivals(
    { perSecond: 1_000_000, calls: 1_000_000 },
    clock,
    () => new Promise((resolve) => returns.push(resolve)),
  );
  while (returns.length < 500) await new Promise((resolve) => setImmediate(resolve));
  arrivals.stop();
  for (const resolve of returns) resolve();
  await arrivals.done;
  expect(returns).toHaveLength(500);
});
