import { describe, expect, it } from 'vitest';
import { createNewest, GRAVES_MAX } from './newest.ts';
import { createStateHistory, STATE_CHANGES_MAX } from './node-history.ts';
import { createPicture, LIVE_BOUNDS, LIVE_KEPT_MICROS } from './picture.ts';

const SECOND = 1_000_000;
const NONE = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };

describe('a picture that stays open', () => {
  it('holds no more after an hour of traffic than after twenty minutes', () => {
    const picture = createPicture(LIVE_BOUNDS);
    const held: number[] = [];
    for (let second = 0; second <= 3_600; second++) {
      const at = second * SECOND;
      picture.apply({
        ...NONE,
        exchanges: Array.from({ length: 10 }, (_, index) => [
          ...([`${second}.${index}`, second, `l${index % 5}`, 'Op', 7] as const),
          ...([at, at + 1, at + 2, at + 3, 3] as const),
        ]),
        cells: Array.from({ length: 5 }, (_, link) => [`l${link}`, second, second, 4, 0, 0, 1, 1, [3, 4]] as const),
        gone: [{ id: `${second}.0`, version: second + 1 }],
      });
      if (second % 60 === 0) picture.forget(at - LIVE_KEPT_MICROS);
      if (second === 1_200 || second === 3_600) held.push(picture.held().exchanges, picture.held().cells);
    }
    expect(held[2]).toBe(held[0]);
    expect(held[3]).toBe(held[1]);
    expect(held[2]).toBeLessThan(LIVE_BOUNDS.exchangesMax);
    expect(picture.counts().dropped).toBe(0);
  });
  it('lets the oldest exchanges go beyond its bound, and counts them', () => {
    const picture = createPicture({ exchangesMax: 1_000 });
    for (let index = 0; index < 5_000; index++) {
      picture.apply({ ...NONE, exchanges: [[`x${index}`, 1, 'l', '', null, index, null, null, null, null]] });
    }
    const { exchanges, dropped } = picture.counts();
    expect(exchanges).toBeLessThanOrEqual(1_000);
    expect(exchanges + dropped).toBe(5_000);
    expect(picture.exchange('x4999')).toBeDefined();
  });
  it('remembers so many changes of a flapping node, the newest', () => {
    const history = createStateHistory();
    for (let at = 0; at < STATE_CHANGES_MAX * 2; at++) history.put({ version: at, at, state: `s${at}`, reason: '' });
    expect(history.size).toBe(STATE_CHANGES_MAX);
    expect(history.at(STATE_CHANGES_MAX * 2)?.state).toBe(`s${STATE_CHANGES_MAX * 2 - 1}`);
  });
  it('forgets the oldest of what was merged away', () => {
    const newest = createNewest<number>();
    for (let index = 0; index <= GRAVES_MAX; index++) newest.bury(`x${index}`, 5);
    expect(newest.put('x0', 3, 1)).toBe(true);
    expect(newest.put('x1', 3, 1)).toBe(false);
  });
});
