import { describe, expect, it } from 'vitest';
import { nextSpeed, SPEEDS } from './speeds.ts';
import { brushed, momentAt, shareOf, shownWindow, stepFor } from './time-scale.ts';

const SECOND = 1_000_000;
const window = { from: 1_000 * SECOND, to: 1_300 * SECOND };
const replay = (from: number, to: number) =>
  ({ kind: 'replay', window: { from, to }, playing: true, speed: 1, loaded: 1 }) as const;

describe('the time bar', () => {
  it('slides with now while live, and when held', () => {
    expect(shownWindow({ kind: 'live' }, 500, 300, null)).toEqual({ from: 200, to: 500 });
    expect(shownWindow({ kind: 'paused' }, 500, 300, null)).toEqual({ from: 200, to: 500 });
  });
  it('shows a replayed window inside the stretch it was picked from', () => {
    expect(shownWindow(replay(100, 200), 900, 300, { from: 0, to: 400 })).toEqual({ from: 0, to: 400 });
    expect(shownWindow(replay(100, 410), 900, 300, { from: 0, to: 400 })).toEqual({ from: 0, to: 410 });
    expect(shownWindow(replay(500, 600), 900, 300, { from: 0, to: 400 })).toEqual({ from: 500, to: 600 });
    expect(shownWindow(replay(100, 200), 900, 300, null)).toEqual({ from: 100, to: 200 });
  });
  it('finds the moment of a place and the place of a moment', () => {
    expect(momentAt(0.5, window)).toBe(1_150 * SECOND);
    expect(shareOf(1_150 * SECOND, window)).toBe(0.5);
    expect(momentAt(1.7, window)).toBe(window.to);
    expect(shareOf(0, window)).toBe(0);
  });
  it('brushes a window in either direction, never shorter than a second nor outside what is shown', () => {
    expect(brushed(0.6, 0.2, window)).toEqual({ from: 1_060 * SECOND, to: 1_180 * SECOND });
    expect(brushed(0.5, 0.5, window)).toEqual({ from: 1_150 * SECOND, to: 1_151 * SECOND });
    expect(brushed(1, 1, window)).toEqual({ from: 1_299 * SECOND, to: 1_300 * SECOND });
  });
  it('takes a round step that gives 40 to 90 bars, whole minutes from an hour on', () => {
    expect(stepFor(window)).toBe(5 * SECOND);
    expect(stepFor({ from: 0, to: 900 * SECOND })).toBe(10 * SECOND);
    expect(stepFor({ from: 0, to: 3_600 * SECOND })).toBe(60 * SECOND);
    expect(stepFor({ from: 0, to: 7 * 86_400 * SECOND })).toBe(7_200 * SECOND);
    expect(stepFor({ from: 0, to: 2_000 * 86_400 * SECOND }) % (86_400 * SECOND)).toBe(0);
  });
  it('goes through the speeds one by one and stops at the ends', () => {
    const up: number[] = [0.1];
    for (let times = 0; times < 9; times += 1) up.push(nextSpeed(up.at(-1) ?? 1, 1));
    expect(up).toEqual([...SPEEDS, 1_000]);
    expect(nextSpeed(0.1, -1)).toBe(0.1);
    expect(nextSpeed(3, -1)).toBe(2);
    expect([nextSpeed(-2, 1), nextSpeed(-2, -1), nextSpeed(-1_000, 1)]).toEqual([-5, -1, -1_000]);
  });
});
