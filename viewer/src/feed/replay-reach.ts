import type { Window } from '@soa-monitor/protocol';

/** Where a replay is, and how fast it runs: times real time, below 0 backwards. */
export interface ReplayAim {
  readonly playhead: number;
  readonly speed: number;
}

/** Exchanges that a replay holds at once. Beyond this, what is far from the playhead goes, then fewer are drawn. */
export const PLAIN_MAX = 120_000;

/** Cells that it holds at once: counts of one link in one second, some 300 bytes each. */
export const CELLS_MAX = 300_000;

/** Ahead of the way the playhead runs: so long on the screen, and never less in time. */
const AHEAD_SCREEN_MICROS = 12_000_000;
const AHEAD_MICROS = 30_000_000;
/** Behind it: what dots on their way began with (the dot rule gives a request and its reply 0.4 s of screen each). */
const BEHIND_SCREEN_MICROS = 2_000_000;
const BEHIND_MICROS = 5_000_000;

/** The stretch of the window that should be there, so that the picture neither waits nor lacks a dot. */
export function reachAround({ playhead, speed }: ReplayAim, window: Window): Window {
  const pace = Math.abs(speed);
  const ahead = Math.max(AHEAD_MICROS, AHEAD_SCREEN_MICROS * pace);
  const behind = Math.max(BEHIND_MICROS, BEHIND_SCREEN_MICROS * pace);
  const [before, after] = speed < 0 ? [ahead, behind] : [behind, ahead];
  return {
    from: Math.max(window.from, Math.floor(playhead - before)),
    to: Math.min(window.to, Math.ceil(playhead + after)),
  };
}

/** Exchanges per µs; at least one in a second, so that a quiet stretch is read in long steps and not in endless ones. */
export const densityOf = (exchanges: number, stretch: Window): number =>
  Math.max(1e-6, exchanges / Math.max(1_000_000, stretch.to - stretch.from));

/** k, a power of two times `least`, so that what is held around the playhead fits. `perMicro` counts all exchanges. */
export function sampleFor(perMicro: number, pace: number, least: number): number {
  const span =
    Math.max(AHEAD_MICROS, AHEAD_SCREEN_MICROS * pace) + Math.max(BEHIND_MICROS, BEHIND_SCREEN_MICROS * pace);
  let k = least;
  while ((perMicro * span) / k > PLAIN_MAX / 2 && k < SAMPLE_MAX) k *= 2;
  return k;
}

const SAMPLE_MAX = 1 << 20;
