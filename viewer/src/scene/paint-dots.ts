import type { DotOnScreen } from './dots-seen.ts';
import type { Palette } from './palette.ts';

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

const RADIUS = { request: 4.5, reply: 3.75 } as const;
const BREATH_MILLIS = 2_600;

/**
 * One dot is one message. Request: a disc; reply: smaller and lighter; docked: a small ring; fault: a diamond, error: a
 * cross, drawn last; seen from one side only: half hollow. What hangs breathes slowly.
 */
export function paintDots(context: Context, dots: readonly DotOnScreen[], palette: Palette, millis: number): void {
  const breath = 1 + 0.16 * Math.sin((millis / BREATH_MILLIS) * 2 * Math.PI);
  context.lineWidth = 1.25;
  for (const dot of dots) if (!isBad(dot)) paintDisc(context, dot, palette, breath);
  for (const dot of dots) if (isBad(dot)) paintBad(context, dot, palette);
}

const isBad = ({ part, phase, shown }: DotOnScreen): boolean =>
  phase === 'failed' || (part === 'reply' && (shown.isFault || shown.isError));

function paintDisc(context: Context, dot: DotOnScreen, palette: Palette, breath: number): void {
  const { x, y, part, phase, shown } = dot;
  const colour = part === 'request' ? palette.request : palette.reply;
  const radius = RADIUS[part] * (phase === 'waiting' ? breath : 1);
  const isHalf = part === 'request' ? shown.isRequestHalf : shown.isReplyHalf;
  const isHollow = phase === 'docked' || isHalf;
  context.beginPath();
  context.arc(x, y, radius + (isHollow ? 0 : 0.5), 0, 2 * Math.PI);
  context.fillStyle = isHollow ? palette.ground : colour;
  context.fill();
  context.lineWidth = isHollow ? 1.5 : 1.25;
  context.strokeStyle = isHollow ? colour : palette.ground;
  context.stroke();
  if (isHalf && phase !== 'docked') {
    // The half that was seen: the caller's is the left one, the service's the right one.
    const isLeft = part === 'request' ? shown.times[0] !== null : shown.times[3] !== null;
    context.beginPath();
    context.arc(x, y, radius, Math.PI / 2, Math.PI * 1.5, !isLeft);
    context.fillStyle = colour;
    context.fill();
  }
}

function paintBad(context: Context, dot: DotOnScreen, palette: Palette): void {
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
