/**
 * The one clock of the picture. Local time is the page's own wall clock (timeOrigin + now, µs); the playhead is server time.
 * A timeline is plain data, so that the drawing worker reads the playhead of each frame by the same rule as the page.
 */
export type Timeline =
  | { readonly kind: 'live'; readonly lag: Slew }
  /** From `playhead` at local time `at`, `speed` times real time while running (below 0: backwards), never past `until`. */
  | {
      readonly kind: 'steady';
      readonly at: number;
      readonly playhead: number;
      readonly speed: number;
      readonly running: boolean;
      readonly until: number;
    };

export function playheadAt(timeline: Timeline, local: number): number {
  if (timeline.kind === 'live') return local - slewedAt(timeline.lag, local);
  if (!timeline.running) return timeline.playhead;
  const playhead = timeline.playhead + (local - timeline.at) * timeline.speed;
  return timeline.speed < 0
    ? Math.max(playhead, Math.min(timeline.until, timeline.playhead))
    : Math.min(playhead, Math.max(timeline.until, timeline.playhead));
}

/** Whether the playhead will be elsewhere in the next frame. */
export function isRunningAt(timeline: Timeline, playhead: number): boolean {
  if (timeline.kind === 'live') return true;
  return timeline.running && (timeline.speed < 0 ? playhead > timeline.until : playhead < timeline.until);
}

/** The speed that the dot rule takes, in either direction: what a µs of screen is in picture time. */
export const speedOf = (timeline: Timeline): number => (timeline.kind === 'live' ? 1 : Math.abs(timeline.speed));

export const isBackwards = (timeline: Timeline): boolean => timeline.kind === 'steady' && timeline.speed < 0;

/** A value on its way from one to another at a bounded rate (per µs of local time), so it never jumps. */
export interface Slew {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

export function slewedAt(slew: Slew, local: number): number {
  const reach = Math.max(0, local - slew.at) * slew.rate;
  return slew.from + Math.max(-reach, Math.min(reach, slew.to - slew.from));
}

/** The picture runs at 0.75 to 1.25 of real time while its delay adapts: always forward, never visibly jerky. */
const SLEW_RATE = 0.25;
/** A difference that no drift explains (the laptop slept): the picture jumps once rather than crawl for minutes. */
const JUMP_MICROS = 10_000_000;
/** A thousandth of a second is seen by nobody. */
const SAME_MICROS = 1_000;

export interface LiveClock {
  /** Takes the newest estimates over, a few times a second; whether they are other than before. */
  retarget(local: number, offsetMicros: number, delayMicros: number): boolean;
  timeline(): Timeline;
}

/** Keeps lag = delay − offset moving smoothly to its target. */
export function createLiveClock(): LiveClock {
  let lag: Slew | null = null;
  return {
    retarget(local, offsetMicros, delayMicros) {
      const to = delayMicros - offsetMicros;
      if (lag !== null && Math.abs(to - lag.to) < SAME_MICROS) return false;
      const from = lag === null ? to : slewedAt(lag, local);
      lag = { at: local, from: Math.abs(to - from) > JUMP_MICROS ? to : from, to, rate: SLEW_RATE };
      return true;
    },
    timeline: () => ({ kind: 'live', lag: lag ?? { at: 0, from: 0, to: 0, rate: SLEW_RATE } }),
  };
}
