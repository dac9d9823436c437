import type { CellTuple } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { createFiguresAt, shown } from './figures-at.ts';
import { inFlightAt } from './in-flight.ts';
import { createPicture, LIVE_BOUNDS } from './picture.ts';

const NONE = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };
const cell = (second: number, version = 1, count = 1): CellTuple => [
  'l',
  second,
  version,
  count,
  0,
  0,
  0,
  0,
  [20, count],
];
const at = (seconds: number): number => seconds * 1_000_000;

describe('figures at a moment', () => {
  it('are of the 60 whole seconds before it', () => {
    const picture = createPicture(LIVE_BOUNDS);
    picture.apply({ ...NONE, cells: [cell(39), cell(40), cell(99), cell(100)] });
    const figures = createFiguresAt(picture);
    expect(figures.ofLink('l', at(100)).count).toBe(2);
    expect(figures.ofLink('l', at(100.9)).count).toBe(2);
    expect(figures.ofLink('l', at(101)).count).toBe(2);
    expect(figures.ofLink('l', at(99)).count).toBe(2);
  });
  it('follow a cell that a late half corrected, down as well as up', () => {
    const picture = createPicture(LIVE_BOUNDS);
    picture.apply({ ...NONE, cells: [cell(50, 1, 7)] });
    const figures = createFiguresAt(picture);
    expect(figures.ofLink('l', at(60)).count).toBe(7);
    picture.apply({ ...NONE, cells: [cell(50, 2, 3)] });
    expect(figures.ofLink('l', at(60)).count).toBe(3);
  });
  it('are unknown, not zero, where nothing ended', () => {
    const figures = createFiguresAt(createPicture(LIVE_BOUNDS));
    expect(shown(figures.ofLink('l', at(60)), 2)).toEqual({
      count: 0,
      perSecond: 0,
      faults: 0,
      errors: 0,
      faultShare: null,
      p95Micros: null,
      inFlight: 2,
    });
  });
});

describe('calls in flight', () => {
  it('are those that have begun and not ended at that moment, also in the past', () => {
    const picture = createPicture(LIVE_BOUNDS);
    picture.apply({
      ...NONE,
      exchanges: [
        ['a', 1, 'l', '', 7, at(10), at(10), at(12), at(12), at(2)],
        ['b', 1, 'l', '', null, at(11), null, null, null, null],
        ['c', 1, 'm', '', 1, at(11), null, null, null, at(30)],
      ],
    });
    const counts = (seconds: number) => Object.fromEntries(inFlightAt(picture.exchanges(), at(seconds), 1));
    expect(counts(9)).toEqual({});
    expect(counts(11.5)).toEqual({ l: 2, m: 1 });
    expect(counts(12)).toEqual({ l: 1, m: 1 });
    expect(counts(99)).toEqual({ l: 1 });
    expect(Object.fromEntries(inFlightAt(picture.exchanges(), at(99), 10))).toEqual({ l: 10 });
  });
});
