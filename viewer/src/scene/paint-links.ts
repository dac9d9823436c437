import type { Lane } from './lanes.ts';
import { isPicked, type MapContext, type Marked } from './marked.ts';
import type { Palette } from './palette.ts';
import { alphaOf, type Stage, type StageLink } from './stage.ts';

const WIDTHS = [1, 1.25, 1.75, 2.5, 3.5] as const;
/** Lanes to a path: one stroke for many is twice as fast as one for each (measured), longer paths are no faster and hold a frame. */
const LANES_PER_STROKE = 16;
const DIM = 0.14;

/** Lanes that look alike. */
interface Sort {
  readonly colour: string;
  readonly width: number;
  readonly alpha: number;
  readonly isBroken: boolean;
  readonly links: StageLink[];
}

/** All links, those that look alike in few strokes; rests after each so that a frame need not wait for all. */
export function* paintLinks(context: MapContext, stage: Stage, palette: Palette, marked: Marked): Generator<void> {
  for (const sort of sortsOf(stage, palette, marked)) {
    for (let from = 0; from < sort.links.length; from += LANES_PER_STROKE) {
      paintAlike(context, sort, sort.links.slice(from, from + LANES_PER_STROKE));
      yield;
    }
  }
}

/** The quiet ones first: what is loud lies on top. */
function sortsOf({ links, isFolded }: Stage, palette: Palette, marked: Marked): readonly Sort[] {
  const sorts = new Map<number, Sort>();
  // Where hundreds of sums cross each other, only the wide ones are worth their ink.
  const quiet = isFolded ? 1 : 0;
  for (const one of links) {
    // What a closed mark does within itself is said by its rate; a loop at each of them would say nothing.
    if (one === null || (isFolded && one.link.source === one.link.target)) continue;
    const isMarked = isPicked(marked, 'link', one.link.id);
    const isDim = marked.lit !== null && !marked.lit.links.has(one.link.id) && !isMarked;
    const { broken } = one.reading;
    const alpha = alphaOf(one.reading) * (isDim ? DIM : 1);
    const loudness = isMarked ? 3 : broken ? 2 : one.step <= quiet ? 0 : 1;
    const key = (alpha < 0.3 ? 0 : 100_000) + loudness * 10_000 + one.step * 1_000 + Math.round(alpha * 100);
    const known = sorts.get(key);
    if (known !== undefined) {
      known.links.push(one);
      continue;
    }
    sorts.set(key, {
      colour: isMarked ? palette.accent : broken ? palette.fault : one.step <= quiet ? palette.linkQuiet : palette.link,
      width: (WIDTHS[one.step] ?? 1) + (isMarked ? 0.75 : 0),
      alpha,
      isBroken: broken,
      links: [one],
    });
  }
  return [...sorts].sort(([a], [b]) => a - b).map(([, sort]) => sort);
}

function paintAlike(context: MapContext, { colour, width, alpha, isBroken }: Sort, links: readonly StageLink[]): void {
  context.strokeStyle = colour;
  context.setLineDash(isBroken ? [7, 5] : []);
  context.globalAlpha = alpha;
  context.lineWidth = width;
  strokeLanes(context, links, 'request');
  context.globalAlpha = alpha * 0.65;
  context.lineWidth = Math.max(0.75, width * 0.6);
  strokeLanes(context, links, 'reply');
  context.setLineDash([]);
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.beginPath();
  for (const { lanes } of links) traceHead(context, lanes.request, 5.5 + width);
  context.fill();
  context.globalAlpha = 1;
}

function strokeLanes(context: MapContext, links: readonly StageLink[], part: 'request' | 'reply'): void {
  context.beginPath();
  for (const { lanes } of links) {
    const { from, bend1, bend2, to } = lanes[part];
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(bend1.x, bend1.y, bend2.x, bend2.y, to.x, to.y);
  }
  context.stroke();
}

/** An arrow's head at the service: which way the call goes is seen without waiting for a dot. */
function traceHead(context: MapContext, { bend2, to }: Lane, length: number): void {
  const angle = Math.atan2(to.y - bend2.y, to.x - bend2.x);
  context.moveTo(to.x, to.y);
  for (const side of [-0.42, 0.42]) {
    context.lineTo(to.x - length * Math.cos(angle + side), to.y - length * Math.sin(angle + side));
  }
  context.closePath();
}
