import type { Next } from './frame-loop.ts';

/** What is to be seen in the frame just drawn, as far as it says when the next one is due. */
export interface Seen {
  /** Whether the playhead moves. */
  readonly isRunning: boolean;
  readonly speed: number;
  readonly playhead: number;
  /** Dots in flight, docked or failed; and those that only wait and breathe. */
  readonly moving: number;
  readonly waiting: number;
  /** Whether what stands still is to be painted on, and does not press. */
  readonly isPainting: boolean;
  /** ms since a hand was at the map. */
  readonly untouchedMillis: number;
  /** When the next exchange begins; Infinity: none is known. */
  readonly nextBegins: number;
}

/** Breath is slow: 15 frames a second do for it. */
const BREATH_FRAME_MILLIS = 66;
/** A timer may be late by so much: the frame before a dot begins is asked for early. */
const EARLY_MILLIS = 20;

/** A map that nobody has touched for so long is looked at from afar, or not at all: a quarter of the frames do for it. */
export const UNTOUCHED_MILLIS = 20_000;
/** And the wait for the screen's next turn: some 14 frames a second. */
export const CALM_MILLIS = 66;

/** The frame loop rests when nothing moves: a wall of screens that shows a quiet estate costs next to nothing. */
export function nextFrame(seen: Seen): Next {
  const onward: Next = seen.untouchedMillis < UNTOUCHED_MILLIS ? { kind: 'now' } : { kind: 'in', millis: CALM_MILLIS };
  if (seen.isPainting) return onward;
  if (!seen.isRunning) return { kind: 'rest' };
  if (seen.moving > 0) return onward;
  const millis = (seen.nextBegins - seen.playhead) / seen.speed / 1_000 - EARLY_MILLIS;
  if (millis <= 0) return onward;
  if (seen.waiting > 0) return { kind: 'in', millis: Math.min(millis, BREATH_FRAME_MILLIS) };
  return Number.isFinite(millis) ? { kind: 'in', millis } : { kind: 'rest' };
}
