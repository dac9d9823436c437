import { expect, test } from 'vitest';
import { committedOf, committedParts } from './committed-parts.ts';
import { foldExchange } from './fold-exchange.ts';
import { createExchangePacking } from './packed-exchanges.ts';

const packing = createExchangePacking((number) => `operation ${number}`);
const half = {
  time: 1_000,
  requestLast: 10,
  replyFirst: null,
  replyLast: null,
  end: 90,
  requestBytes: 1,
  replyBytes: 0,
};
const toldOf = (count: number) => {
  for (let number = 0; number < count; number++) {
    const server = { ...half, time: 1_000 + number, outcome: number % 2 === 0 ? ('ok' as const) : null };
    const link = { number: number % 3, id: `link ${number % 3}` };
    const folded = foldExchange(null, server, number % 4 === 1);
    packing.add({ time: server.time, seq: number }, link, number % 5, folded, number % 4 === 1);
  }
  const links = [{ id: 'l', source: 'a', target: 'b' }];
  const feed = { nodes: [], links, states: [], cells: [], gone: [{ id: 'y', version: 1 }] };
  return { commitSeq: 7, feed, exchanges: packing.take(7) };
};

test.each([0, 1, 999, 1_000, 1_001, 12_345])(
  'a commit of %d exchanges is told whole, in order, in bounded parts',
  (count) => {
    const told = toldOf(count);
    const whole = committedOf(told).feed;
    const parts = committedParts(told).map(committedOf);
    expect(whole.exchanges).toHaveLength(count);
    expect(parts.flatMap((part) => part.feed.exchanges)).toEqual(whole.exchanges);
    expect(Math.max(...parts.map((part) => part.feed.exchanges.length))).toBeLessThanOrEqual(1_000);
    expect(parts.flatMap((part) => part.feed.links)).toEqual(told.feed.links);
    expect(parts.flatMap((part) => part.feed.gone)).toEqual(told.feed.gone);
    expect(parts.every((part) => part.commitSeq === 7)).toBe(true);
    expect(parts[0]?.feed.links).toEqual(told.feed.links);
  },
);

test('an exchange comes out as it was told: ended, in flight, and lost', () => {
  expect(committedOf(toldOf(3)).feed.exchanges).toEqual([
    ['rs-0', 7, 'link 0', 'operation 0', 7, null, 1_010, null, null, 90],
    ['rt-1', 7, 'link 1', 'operation 1', 2, null, 1_011, null, null, null],
    ['ru-2', 7, 'link 2', 'operation 2', 7, null, 1_012, null, null, 90],
  ]);
  expect(committedOf(toldOf(4)).feed.exchanges.at(-1)).toEqual([
    ...['rv-3', 7, 'link 0', 'operation 3', null, null, 1_013, null, null, null],
  ]);
});
