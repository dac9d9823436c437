import { expect, test } from 'vitest';
import { AT_REST, type ExchangeRecord } from './half.ts';
import { createWaitingExchanges } from './waiting-exchanges.ts';

const WAIT = 100;
const PATIENCE = 1_000;
const exchange = (id: number, receivedAt: number) => ({ ...AT_REST, id, receivedAt }) as ExchangeRecord;
const ids = (exchanges: Iterable<ExchangeRecord>): number[] => [...exchanges].map(({ id }) => id);

test('only those that have waited long enough are looked at, the first to come first', () => {
  const waiting = createWaitingExchanges();
  for (const [id, at] of [
    [1, 0],
    [2, 50],
    [3, 120],
  ] as const)
    waiting.add(exchange(id, at));
  expect(ids(waiting.due(99, WAIT, PATIENCE))).toEqual([]);
  expect(ids(waiting.due(150, WAIT, PATIENCE))).toEqual([1, 2]);
  expect(waiting.size).toBe(3);
});

test('one that was looked at is looked at again three times until its patience is over, or when it has changed', () => {
  const waiting = createWaitingExchanges();
  const one = exchange(1, 0);
  waiting.add(one);
  const looks = (from: number, to: number): number[] => {
    const times: number[] = [];
    for (let now = from; now < to; now += 10) if (ids(waiting.due(now, WAIT, PATIENCE)).length > 0) times.push(now);
    return times;
  };
  expect(looks(0, 1_010)).toEqual([100, 400, 700, 1_000]);
  waiting.changed(one);
  expect(looks(1_010, 1_020)).toEqual([1_010]);
  waiting.delete(one);
  expect(looks(1_020, 9_000)).toEqual([]);
});

test('one that comes back with an older time is looked at, whoever came before it', () => {
  const waiting = createWaitingExchanges();
  waiting.add(exchange(1, 500));
  waiting.add(exchange(2, 0));
  expect(ids(waiting.due(550, WAIT, PATIENCE))).toEqual([2]);
});

test('when the clock was set back all wait from then on, and none for longer', () => {
  const waiting = createWaitingExchanges();
  waiting.add(exchange(1, 5_000));
  waiting.add(exchange(2, 5_100));
  expect(ids(waiting.due(5_150, WAIT, PATIENCE))).toEqual([1]);
  waiting.waitFrom(1_000);
  expect(ids(waiting.due(1_050, WAIT, PATIENCE))).toEqual([]);
  expect(ids(waiting.due(1_100, WAIT, PATIENCE)).sort()).toEqual([1, 2]);
});
