import { expect, test } from 'vitest';
import { createClock } from './clock.ts';

test('places moments by the wall clock, to the microsecond of its origin', () => {
  const clock = createClock(
    () => 1_000_100,
    () => 100.25,
    1_000_000,
  );
  expect(clock.wallMicrosAt(clock.now())).toBe(1_000_100_250);
});

test('an origin that is not the wall clock’s is not believed', () => {
  const clock = createClock(
    () => 5_000_000,
    () => 100,
    1_000_000,
  );
  expect(Math.abs(clock.wallMicrosAt(100) - 5_000_000_000)).toBeLessThan(1_000);
});

test('follows a step of the wall clock when told to look, and leaves small differences alone', () => {
  let wall = 1_000_100;
  const clock = createClock(
    () => wall,
    () => 100,
    1_000_000,
  );
  wall += 4;
  clock.correct();
  expect(clock.wallMicrosAt(100)).toBe(1_000_100_000);
  wall -= 3_600_000;
  expect(clock.wallMicrosAt(100)).toBe(1_000_100_000);
  clock.correct();
  expect(Math.abs(clock.wallMicrosAt(100) - wall * 1_000)).toBeLessThan(1_000);
});
