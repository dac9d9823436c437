import { expect, test } from 'vitest';
import { createGenerations } from './generations.ts';

test('what was set or asked for lately is kept, what was not is forgotten', () => {
  const kept = createGenerations<number, string>(10);
  kept.set(-1, 'asked for');
  for (let key = 0; key < 100; key++) {
    kept.set(key, String(key));
    if (key % 5 === 0) expect(kept.get(-1)).toBe('asked for');
  }
  const found = Array.from({ length: 100 }, (_, key) => kept.get(key)).filter((value) => value !== undefined);
  expect(found.length).toBeGreaterThanOrEqual(9);
  expect(found.length).toBeLessThanOrEqual(20);
  expect(found.at(-1)).toBe('99');
  expect(kept.get(0)).toBeUndefined();
});

test('the newest value of a key stands, whichever generation has an older one', () => {
  const kept = createGenerations<number, string>(3);
  kept.set(1, 'first');
  for (const key of [2, 3, 4]) kept.set(key, '');
  kept.set(1, 'second');
  expect(kept.get(1)).toBe('second');
});

test('what must stay is carried on for as long as it must', () => {
  const value = { stays: true };
  const kept = createGenerations<number, { stays: boolean }>(10, ({ stays }) => stays);
  kept.set(-1, value);
  const fill = (): void => {
    for (let key = 0; key < 100; key++) kept.set(key, { stays: false });
  };
  fill();
  expect(kept.get(-1)).toBe(value);
  value.stays = false;
  fill();
  expect(kept.get(-1)).toBeUndefined();
});
