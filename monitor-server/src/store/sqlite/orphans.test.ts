import { expect, test } from 'vitest';
import { AT_REST, type ExchangeRecord } from './half.ts';
import { createOrphans } from './orphans.ts';

const child = (id: number) => ({ ...AT_REST, id }) as ExchangeRecord;

test('children wait for the parent of their process, and are given once', () => {
  const orphans = createOrphans();
  const [a, b, c, other] = [child(1), child(2), child(3), child(4)];
  for (const one of [a, b, b, c]) orphans.add(1, 7, one);
  orphans.add(2, 7, other);
  orphans.remove(1, 7, c);
  orphans.remove(1, 8, a);
  expect([...orphans.all()]).toEqual([a, b, other]);
  expect([...orphans.take(1, 7)]).toEqual([a, b]);
  expect([...orphans.take(1, 7)]).toEqual([]);
  orphans.remove(2, 7, a);
  expect([...orphans.all()]).toEqual([other]);
  orphans.remove(2, 7, other);
  expect([...orphans.all()]).toEqual([]);
});
