import type { DotOnScreen } from './dots-seen.ts';
import { type AnyCanvas, contextOf } from './kept-picture.ts';
import type { MapContext } from './marked.ts';
import type { Palette } from './palette.ts';

const RADIUS = { request: 4.5, reply: 3.75 } as const;
const BREATH_MILLIS = 2_600;

/** Dots that look alike are painted once and stamped: 5,000 discs a frame are too many to draw, and few to copy. */
export interface DotPainter {
  paint(context: MapContext, dots: readonly DotOnScreen[], look: DotLook): void;
}

export interface DotLook {
  readonly palette: Palette;
  /** Device pixels to a CSS pixel. */
  readonly ratio: number;
  readonly millis: number;
}

/**
 * One dot is one message. Request: a disc; reply: smaller and lighter; docked: a small ring; fault: a diamond, error: a
 * cross, drawn last; seen from one side only: half hollow. What hangs breathes slowly.
 */
export function createDotPainter(newCanvas: () => AnyCanvas): DotPainter {
  const stamps = new Map<string, AnyCanvas>();
  let stampedFor = '';

  function stampOf(dot: DotOnScreen, look: DotLook): AnyCanvas {
    const key = keyOf(dot);
    const known = stamps.get(key);
    if (known !== undefined) return known;
    const canvas = newCanvas();
    const size = sizeOf(dot);
    canvas.width = Math.ceil(size * look.ratio);
    canvas.height = canvas.width;
    const context = contextOf(canvas, { willReadFrequently: true, alpha: true });
    context.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
    paintOne(context, { ...dot, x: size / 2, y: size / 2 }, look.palette, 1);
    stamps.set(key, canvas);
    return canvas;
  }

  function stamp(context: MapContext, dot: DotOnScreen, look: DotLook): void {
    const size = sizeOf(dot);
    const [width, height] = [context.canvas.width / look.ratio, context.canvas.height / look.ratio];
    if (dot.x < -size || dot.y < -size || dot.x > width + size || dot.y > height + size) return;
    const side = Math.ceil(size * look.ratio) / look.ratio;
    context.drawImage(stampOf(dot, look), dot.x - size / 2, dot.y - size / 2, side, side);
  }

  return {
    paint(context, dots, look) {
      const wanted = `${look.palette.ground} ${look.ratio}`;
      if (wanted !== stampedFor) stamps.clear();
      stampedFor = wanted;
      const breath = 1 + 0.16 * Math.sin((look.millis / BREATH_MILLIS) * 2 * Math.PI);
      // Where thousands fly nobody sees that they go from pixel to pixel, and copies cost half.
      context.imageSmoothingEnabled = dots.length < SMOOTH_MAX;
      for (const dot of dots) {
        if (isBad(dot)) continue;
        if (dot.phase === 'waiting') paintOne(context, dot, look.palette, breath);
        else stamp(context, dot, look);
      }
      for (const dot of dots) if (isBad(dot)) stamp(context, dot, look);
    },
  };
}

/** CSS pixels: the largest dot of its kind and its rim. What is stamped thousands of times is no larger than it must be. */
const sizeOf = (dot: DotOnScreen): number => (isBad(dot) ? 16 : 13);
const SMOOTH_MAX = 1_500;

const keyOf = (dot: DotOnScreen): string => {
  const { part, phase, shown } = dot;
  const bad = isBad(dot) ? (shown.isFault ? 'fault' : 'error') : '';
  const half = isHalf(dot) ? (isLeftSeen(dot) ? 'left' : 'right') : '';
  return `${part} ${phase === 'docked'} ${bad} ${half}`;
};

function paintOne(context: MapContext, dot: DotOnScreen, palette: Palette, breath: number): void {
  if (isBad(dot)) paintBad(context, dot, palette);
  else paintDisc(context, dot, palette, breath);
}

const isHalf = ({ part, shown }: DotOnScreen): boolean =>
  part === 'request' ? shown.isRequestHalf : shown.isReplyHalf;

/** The half that was seen: the caller's is the left one, the service's the right one. */
const isLeftSeen = ({ part, shown }: DotOnScreen): boolean =>
  part === 'request' ? shown.times[0] !== null : shown.times[3] !== null;

const isBad = ({ part, phase, shown }: DotOnScreen): boolean =>
  phase === 'failed' || (part === 'reply' && (shown.isFault || shown.isError));

function paintDisc(context: MapContext, dot: DotOnScreen, palette: Palette, breath: number): void {
  const { x, y, part, phase } = dot;
  const colour = part === 'request' ? palette.request : palette.reply;
  const radius = RADIUS[part] * (phase === 'waiting' ? breath : 1);
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
