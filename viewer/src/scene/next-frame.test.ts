import { describe, expect, it } from 'vitest';
import { nextFrame, type Seen, UNTOUCHED_MILLIS } from './next-frame.ts';

const QUIET: Seen = {
  isRunning: true,
  speed: 1,
  playhead: 1_000_000,
  moving: 0,
  waiting: 0,
  isPainting: false,
  untouchedMillis: 0,
  nextBegins: Number.POSITIVE_INFINITY,
};

describe('the frame loop', () => {
  it('rests when nothing moves and nothing is to come', () => {
    expect(nextFrame(QUIET)).toEqual({ kind: 'rest' });
    expect(nextFrame({ ...QUIET, isRunning: false, moving: 3 })).toEqual({ kind: 'rest' });
  });
  it('goes on while a dot is in flight', () => {
    expect(nextFrame({ ...QUIET, moving: 1 })).toEqual({ kind: 'now' });
  });
  it('goes on at some fourteen frames a second once nobody has touched the map for a while', () => {
    expect(nextFrame({ ...QUIET, moving: 1, untouchedMillis: UNTOUCHED_MILLIS - 1 })).toEqual({ kind: 'now' });
    expect(nextFrame({ ...QUIET, moving: 1, untouchedMillis: UNTOUCHED_MILLIS })).toEqual({ kind: 'in', millis: 66 });
  });
  it('paints on what does not press at the same pace, also when time stands still', () => {
    const painting: Seen = { ...QUIET, isRunning: false, isPainting: true };
    expect(nextFrame({ ...painting, untouchedMillis: UNTOUCHED_MILLIS })).toEqual({ kind: 'in', millis: 66 });
    expect(nextFrame(painting)).toEqual({ kind: 'now' });
  });
  it('breathes at a quarter of the frames', () => {
    expect(nextFrame({ ...QUIET, waiting: 2 })).toEqual({ kind: 'in', millis: 66 });
  });
  it('wakes for the next dot, by the time of the screen', () => {
    expect(nextFrame({ ...QUIET, nextBegins: 2_000_000 })).toEqual({ kind: 'in', millis: 980 });
    expect(nextFrame({ ...QUIET, nextBegins: 2_000_000, speed: 10 })).toEqual({ kind: 'in', millis: 80 });
    expect(nextFrame({ ...QUIET, nextBegins: 1_010_000 })).toEqual({ kind: 'now' });
  });
});
