import type { Window } from '@soa-monitor/protocol';
import type { Mode } from '../session/session.ts';

/**
 * What the time bar shows: the last stretch up to now while live (or held); in a replay the window that is replayed, inside
 * the stretch from which it was picked if there is one (it may end a little later: time has passed since).
 */
export function shownWindow(mode: Mode, now: number, spanMicros: number, context: Window | null): Window {
  if (mode.kind !== 'replay') return { from: Math.round(now) - spanMicros, to: Math.round(now) };
  const { from, to } = mode.window;
  const isInside = context !== null && context.from <= from && from < context.to;
  return isInside ? { from: context.from, to: Math.max(context.to, to) } : { from, to };
}

/** Where a moment stands in a window: 0 at its beginning, 1 at its end, held inside. */
export const shareOf = (at: number, window: Window): number =>
  Math.min(1, Math.max(0, (at - window.from) / (window.to - window.from)));

export const momentAt = (share: number, window: Window): number =>
  Math.round(window.from + Math.min(1, Math.max(0, share)) * (window.to - window.from));

/** The window between two places on the bar, whichever was first; at least one second long, and inside what is shown. */
export function brushed(oneShare: number, otherShare: number, window: Window): Window {
  const from = momentAt(Math.min(oneShare, otherShare), window);
  const to = momentAt(Math.max(oneShare, otherShare), window);
  if (to - from >= BRUSH_MIN_MICROS) return { from, to };
  const end = Math.min(window.to, from + BRUSH_MIN_MICROS);
  return { from: end - BRUSH_MIN_MICROS, to: end };
}

/** A round step that gives some 40 to 90 bars. */
export function stepFor(window: Window): number {
  const wanted = (window.to - window.from) / BARS_WANTED;
  return STEPS_MICROS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const BRUSH_MIN_MICROS = SECOND;
/** From 45 min on this makes steps of whole minutes, which the monitor keeps ready. */
const BARS_WANTED = 90;
const STEPS_MICROS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * SECOND,
);
