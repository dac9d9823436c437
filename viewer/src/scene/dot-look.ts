import type { DotOnScreen } from './dots-seen.ts';
import type { MapContext } from './marked.ts';
import type { Palette } from './palette.ts';

const RADIUS = { request: 4.5, reply: 3.75 } as const;
const BREATH_MILLIS = 2_600;
/** Breath in so many steps, so that a waiting dot is stamped as any other is. */
const BREATHS = 32;
const BREATH_DEPTH = 0.16;

/**
 * One dot is one message. Request: a disc; reply: smaller and lighter; docked: a small ring; fault: a diamond, error: a
 * cross, drawn last; seen from one side only: half hollow. What hangs breathes slowly.
 */
export function paintDot(context: MapContext, dot: DotOnScreen, palette: Palette, breath: number): void {
  if (isBad(dot)) paintBad(context, dot, palette);
  else paintDisc(context, dot, palette, breath);
}

/** Which breath those that wait have now: a number below `BREATHS`. */
export const breathAt = (millis: number): number => Math.floor((millis / BREATH_MILLIS) * BREATHS) % BREATHS;

const sizeOfBreath = (breath: number): number => 1 + BREATH_DEPTH * Math.sin((breath / BREATHS) * 2 * Math.PI);

/** CSS pixels: the largest dot of its kind and its rim. What is stamped thousands of times is no larger than it must be. */
export const sizeOf = (dot: DotOnScreen): number => (isBad(dot) ? 16 : 13);

/** The same number for dots that look alike, below `LOOKS`. */
export function lookOf(dot: DotOnScreen, breath: number): number {
  const { part, phase, shown } = dot;
  if (phase === 'waiting' && !isBad(dot)) return 64 + breath + (isHalf(dot) ? (isLeftSeen(dot) ? 32 : 64) : 0);
  const bad = isBad(dot) ? (shown.isFault ? 2 : 1) : 0;
  const half = isHalf(dot) ? (isLeftSeen(dot) ? 2 : 1) : 0;
  return (part === 'request' ? 1 : 0) + (phase === 'docked' ? 2 : 0) + bad * 4 + half * 16;
}

export const LOOKS = 64 + BREATHS * 3;

const isHalf = ({ part, shown }: DotOnScreen): boolean =>
  part === 'request' ? shown.isRequestHalf : shown.isReplyHalf;

/** The half that was seen: the caller's is the left one, the service's the right one. */
const isLeftSeen = ({ part, shown }: DotOnScreen): boolean =>
  part === 'request' ? shown.times[0] !== null : shown.times[3] !== null;

export const isBad = ({ part, phase, shown }: DotOnScreen): boolean =>
  phase === 'failed' || (part === 'reply' && (shown.isFault || shown.isError));

function paintDisc(context: MapContext, dot: DotOnScreen, palette: Palette, breath: number): void {
  const { x, y, part, phase } = dot;
  const colour = part === 'request' ? palette.request : palette.reply;
  const radius = RADIUS[part] * (phase === 'waiting' ? sizeOfBreath(breath) : 1);
  const isOneSided = isHalf(dot);
  const isHollow = phase === 'docked' || isOneSided;
  context.beginPath();
  context.arc(x, y, radius + (isHollow ? 0 : 0.5), 0, 2 * Math.PI);
  context.fillStyle = isHollow ? palette.ground : colour;
  context.fill();
  context.lineWidth = isHollow ? 1.5 : 1.25;
  context.strokeStyle = isHollow ? colour : palette.ground;
  context.stroke();
  if (isOneSided && phase !== 'docked') {
    context.beginPath();
    context.arc(x, y, radius, Math.PI / 2, Math.PI * 1.5, !isLeftSeen(dot));
    context.fillStyle = colour;
    context.fill();
  }
}

function paintBad(context: MapContext, dot: DotOnScreen, palette: Palette): void {
  const { x, y, phase, shown } = dot;
  const size = phase === 'docked' ? 4.5 : 6;
  if (shown.isFault) {
    context.beginPath();
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
    context.closePath();
    context.fillStyle = phase === 'docked' ? palette.ground : palette.fault;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = phase === 'docked' ? palette.fault : palette.ground;
    context.stroke();
    return;
  }
  context.lineCap = 'round';
  for (const [width, colour] of [
    [5, palette.ground],
    [2.5, palette.fault],
  ] as const) {
    context.beginPath();
    context.moveTo(x - size * 0.75, y - size * 0.75);
    context.lineTo(x + size * 0.75, y + size * 0.75);
    context.moveTo(x + size * 0.75, y - size * 0.75);
    context.lineTo(x - size * 0.75, y + size * 0.75);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.lineCap = 'butt';
}
