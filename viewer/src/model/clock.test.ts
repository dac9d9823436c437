import { describe, expect, it } from 'vitest';
import { createLiveClock, isBackwards, isRunningAt, playheadAt, slewedAt, speedOf, type Timeline } from './clock.ts';
import { createDelay, DELAY_MAX_MICROS, DELAY_MIN_MICROS } from './delay.ts';
import { createServerClock } from './server-clock.ts';

const T0 = 1_700_000_000_000_000;
const FRAME = 16_667;

describe('the live playhead', () => {
  it('runs behind the server by the delay', () => {
    const clock = createLiveClock();
    clock.retarget(T0, 5_000_000, 120_000);
    expect(playheadAt(clock.timeline(), T0)).toBe(T0 + 5_000_000 - 120_000);
    expect(playheadAt(clock.timeline(), T0 + FRAME)).toBe(T0 + FRAME + 5_000_000 - 120_000);
  });

  it('follows a new delay without a jump and never goes back', () => {
    const clock = createLiveClock();
    clock.retarget(T0, 0, 100_000);
    let before = playheadAt(clock.timeline(), T0);
    for (let frame = 1; frame < 600; frame++) {
      const local = T0 + frame * FRAME;
      // The delay is told anew four times a second: up, down, and up again.
      if (frame % 15 === 0) clock.retarget(local, 0, frame < 200 ? 1_500_000 : frame < 400 ? 40_000 : 300_000);
      const playhead = playheadAt(clock.timeline(), local);
      expect(playhead - before).toBeGreaterThan(FRAME * 0.7);
      expect(playhead - before).toBeLessThan(FRAME * 1.3);
      before = playhead;
    }
  });

  it('reaches its new delay and stays there', () => {
    const clock = createLiveClock();
    clock.retarget(T0, 0, 100_000);
    clock.retarget(T0, 0, 200_000);
    expect(T0 + 400_000 - playheadAt(clock.timeline(), T0 + 400_000)).toBe(200_000);
    expect(T0 + 9e6 - playheadAt(clock.timeline(), T0 + 9e6)).toBe(200_000);
  });

  it('jumps once when no drift explains the difference, as after a sleep', () => {
    const clock = createLiveClock();
    clock.retarget(T0, 0, 100_000);
    clock.retarget(T0 + 1, 3_600_000_000, 100_000);
    expect(playheadAt(clock.timeline(), T0 + 1)).toBe(T0 + 1 + 3_600_000_000 - 100_000);
  });
});

describe('a steady playhead', () => {
  const steady = (speed: number, running: boolean, until = Number.POSITIVE_INFINITY): Timeline => ({
    kind: 'steady',
    at: T0,
    playhead: 1_000_000,
    speed,
    running,
    until,
  });
  it('runs at its speed, stands when paused, and stops at what is loaded', () => {
    expect(playheadAt(steady(10, true), T0 + 100_000)).toBe(2_000_000);
    expect(playheadAt(steady(0.1, true), T0 + 100_000)).toBe(1_010_000);
    expect(playheadAt(steady(10, false), T0 + 100_000)).toBe(1_000_000);
    expect(playheadAt(steady(10, true, 1_500_000), T0 + 100_000)).toBe(1_500_000);
  });
  it('runs backwards down to what is loaded, and the dot rule takes its pace', () => {
    expect(playheadAt(steady(-10, true, 0), T0 + 50_000)).toBe(500_000);
    expect(playheadAt(steady(-10, true, 200_000), T0 + 100_000)).toBe(200_000);
    expect(playheadAt(steady(-10, true, 2_000_000), T0 + 100_000)).toBe(1_000_000);
    expect(speedOf(steady(-10, true))).toBe(10);
    expect([isBackwards(steady(-1, true)), isBackwards(steady(1, true))]).toEqual([true, false]);
  });
  it('tells whether the next frame shows another moment', () => {
    expect(isRunningAt(steady(1, true, 2_000_000), 1_500_000)).toBe(true);
    expect(isRunningAt(steady(1, true, 2_000_000), 2_000_000)).toBe(false);
    expect(isRunningAt(steady(-1, true, 0), 1)).toBe(true);
    expect(isRunningAt(steady(-1, true, 0), 0)).toBe(false);
    expect(isRunningAt(steady(1, false, 2_000_000), 1)).toBe(false);
  });
  it('never goes back to what is loaded when it is told to stand beyond it', () => {
    expect(playheadAt(steady(1, true, 500_000), T0 + 100)).toBe(1_000_000);
  });
  it('tells the dot rule its speed, also while paused', () => {
    expect([speedOf(steady(10, false)), speedOf(createLiveClock().timeline())]).toEqual([10, 1]);
  });
});

describe('a slew', () => {
  it('goes no faster than its rate, in both directions', () => {
    expect(slewedAt({ at: 0, from: 10, to: 110, rate: 0.5 }, 100)).toBe(60);
    expect(slewedAt({ at: 0, from: 110, to: 10, rate: 0.5 }, 100)).toBe(60);
    expect(slewedAt({ at: 0, from: 10, to: 110, rate: 0.5 }, -5)).toBe(10);
  });
});

describe('the delay', () => {
  it('covers the lateness of 80 in 100 messages, and a frame', () => {
    const delay = createDelay();
    for (let i = 1; i <= 100; i++) delay.observe(T0, i * 1_000);
    expect(delay.target(T0)).toBe(80_000 + 17_000);
  });
  it('stays within its bounds, and where it was when nothing is heard', () => {
    const delay = createDelay();
    delay.observe(T0, 1_000);
    expect(delay.target(T0)).toBe(DELAY_MIN_MICROS);
    delay.observe(T0, 4_000_000);
    expect(delay.target(T0)).toBe(DELAY_MAX_MICROS);
    expect(delay.target(T0 + 60_000_000)).toBe(DELAY_MAX_MICROS);
  });
  it('takes a backlog for what it is', () => {
    const delay = createDelay();
    delay.observe(T0, 100_000);
    for (let i = 0; i < 50; i++) delay.observe(T0, 60_000_000);
    expect(delay.target(T0)).toBe(117_000);
  });
});

describe("the server's clock", () => {
  it('believes the answer with the least round trip', () => {
    const clock = createServerClock();
    expect(clock.isKnown()).toBe(false);
    clock.observe(T0, T0 + 1_000_000 + 90_000, T0 + 100_000);
    clock.observe(T0, T0 + 1_000_000 + 1_000, T0 + 2_000);
    clock.observe(T0, T0 + 1_000_000 + 30_000, T0 + 200_000);
    expect(clock.offset()).toBe(1_000_000);
  });
  it('forgets witnesses that a newer one proves wrong: the clock was set', () => {
    const clock = createServerClock();
    clock.observe(T0, T0 + 500, T0 + 1_000);
    clock.observe(T0 + 1_000_000, T0 + 1_000_000 + 7_000_000, T0 + 1_040_000);
    expect(clock.offset()).toBe(7_000_000 - 20_000);
  });
});
