import { type Lane, pointOn } from './lanes.ts';
import type { ChangeMark } from './messages.ts';
import type { Palette } from './palette.ts';
import type { Stage } from './stage.ts';

type Context = Pick<
  OffscreenCanvasRenderingContext2D,
  | 'arc'
  | 'beginPath'
  | 'bezierCurveTo'
  | 'fill'
  | 'fillStyle'
  | 'globalAlpha'
  | 'lineTo'
  | 'lineWidth'
  | 'moveTo'
  | 'setLineDash'
  | 'stroke'
  | 'strokeStyle'
>;

/** Over the map, two windows compared: what was added solid, what is gone dashed, and a plate with a sign on each: +, − or ±. */
export function paintChanges(context: Context, stage: Stage, palette: Palette): void {
  const size = Math.min(1, stage.scale);
  for (const link of stage.links) {
    if (link?.reading.change === undefined) continue;
    const colour = colourOf(link.reading.change, palette);
    if (link.reading.change !== 'changed') strokeLane(context, link.lanes.request, link.reading.change, colour);
    paintPlate(context, { ...pointOn(link.lanes.request, 0.5), size }, link.reading.change, colour, palette);
  }
  for (const node of stage.nodes) {
    if (node?.reading.change === undefined) continue;
    const colour = colourOf(node.reading.change, palette);
    const at = { x: node.x - node.radius * 0.8, y: node.y - node.radius * 0.8, size };
    paintPlate(context, at, node.reading.change, colour, palette);
  }
}

const PLATE_RADIUS = 9;
const SIGN_REACH = 4;

const colourOf = (change: ChangeMark, palette: Palette): string =>
  change === 'added' ? palette.accent : change === 'gone' ? palette.fault : palette.stateWords.degraded;

function strokeLane(context: Context, { from, bend1, bend2, to }: Lane, change: ChangeMark, colour: string): void {
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.setLineDash(change === 'gone' ? [7, 6] : []);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(bend1.x, bend1.y, bend2.x, bend2.y, to.x, to.y);
  context.stroke();
  context.setLineDash([]);
}

function paintPlate(
  context: Context,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  change: ChangeMark,
  colour: string,
  palette: Palette,
): void {
  context.globalAlpha = 1;
  context.beginPath();
  const reach = SIGN_REACH * size;
  context.arc(x, y, PLATE_RADIUS * size, 0, 2 * Math.PI);
  context.fillStyle = palette.plate;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
  context.beginPath();
  const middle = change === 'changed' ? y - 2 : y;
  context.moveTo(x - reach, middle);
  context.lineTo(x + reach, middle);
  if (change !== 'gone') {
    context.moveTo(x, middle - reach);
    context.lineTo(x, middle + reach);
  }
  if (change === 'changed') {
    context.moveTo(x - reach, y + reach + 1);
    context.lineTo(x + reach, y + reach + 1);
  }
  context.stroke();
}
