import type { ExchangeTuple } from '@soa-monitor/protocol';
import { expect, test } from 'vitest';
import { committedParts } from './committed-parts.ts';

const tuple = (number: number): ExchangeTuple => [`x${number}`, 1, 'l', 'op', 0, 1, 2, 3, 4, 5];
const feedOf = (count: number) => ({
  ...{
    nodes: [],
    links: [{ id: 'l', source: 'a', target: 'b' }],
    states: [],
    cells: [],
    gone: [{ id: 'y', version: 1 }],
  },
  exchanges: Array.from({ length: count }, (_, number) => tuple(number)),
});

test.each([0, 1, 999, 1_000, 1_001, 12_345])(
  'a commit of %d exchanges is told whole, in order, in bounded parts',
  (count) => {
    const feed = feedOf(count);
    const parts = committedParts({ commitSeq: 7, feed });
    expect(parts.flatMap((part) => part.feed.exchanges)).toEqual(feed.exchanges);
    expect(Math.max(...parts.map((part) => part.feed.exchanges.length))).toBeLessThanOrEqual(1_000);
    expect(parts.flatMap((part) => part.feed.links)).toEqual(feed.links);
    expect(parts.flatMap((part) => part.feed.gone)).toEqual(feed.gone);
    expect(parts.every((part) => part.commitSeq === 7)).toBe(true);
    expect(parts[0]?.feed.links).toEqual(feed.links);
  },
);
