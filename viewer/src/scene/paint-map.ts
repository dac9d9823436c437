import type { Size } from './camera.ts';
import { strokeGlyph, traceShape } from './glyphs.ts';
import { isPicked, type Marked } from './marked.ts';
import { paintLinks } from './paint-links.ts';
import { type KnownState, knownState, type Palette } from './palette.ts';
import { alphaOf, type Stage, type StageHull, type StageNode } from './stage.ts';

export type MapContext = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** Everything that stands still under the dots, but the labels. Rests again and again: a frame need not wait for all of it. */
export function* paintMap(
  context: MapContext,
  stage: Stage,
  palette: Palette,
  size: Size,
  marked: Marked,
): Generator<void> {
  context.globalAlpha = 1;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, size.width, size.height);
  for (const [index, hull] of stage.hulls.entries()) {
    paintHull(context, hull, palette);
    if (index % HULLS_AT_ONCE === HULLS_AT_ONCE - 1) yield;
  }
  yield* paintLinks(context, stage, palette, marked);
  for (const [index, node] of stage.nodes.entries()) {
    if (node !== null && isInView(node, size)) paintNode(context, node, palette, marked);
    if (index % NODES_AT_ONCE === NODES_AT_ONCE - 1) yield;
  }
}

const HULLS_AT_ONCE = 20;
const NODES_AT_ONCE = 60;
const DIM = 0.22;

const isInView = (node: StageNode, size: Size): boolean =>
  node.x > -60 && node.y > -60 && node.x < size.width + 60 && node.y < size.height + 60;

function paintHull(context: MapContext, { hull, outline }: StageHull, palette: Palette): void {
  context.beginPath();
  for (const point of outline) context.lineTo(point.x, point.y);
  context.closePath();
  context.fillStyle = hull.kind === 'server' ? palette.hull : palette.machineHull;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = hull.kind === 'server' ? palette.hullEdge : palette.machineEdge;
  context.setLineDash(hull.kind === 'server' ? [] : [2, 4]);
  context.stroke();
  context.setLineDash([]);
}

function paintNode(context: MapContext, stageNode: StageNode, palette: Palette, marked: Marked): void {
  const { node, reading, x, y, radius } = stageNode;
  const isDim = marked.lit !== null && !marked.lit.nodes.has(node.id) && !isPicked(marked, 'node', node.id);
  context.globalAlpha = alphaOf(reading) * (isDim ? DIM : 1);
  if (isPicked(marked, 'node', node.id)) {
    traceShape(context, node.kind, x, y, radius + 5);
    context.lineWidth = 2;
    context.strokeStyle = palette.accent;
    context.stroke();
  }
  traceShape(context, node.kind, x, y, radius);
  if (reading.state === null) paintStateless(context, stageNode, palette);
  else paintState(context, stageNode, knownState(reading.state), palette);
  if (reading.pinned) paintPin(context, stageNode, palette);
  context.globalAlpha = 1;
}

/** Clients and the outside world have no state: the outline says what they are. */
function paintStateless(context: MapContext, { node, radius }: StageNode, palette: Palette): void {
  context.fillStyle = palette.ground;
  context.fill();
  context.strokeStyle = palette.stateless;
  context.lineWidth = node.kind === 'outside' ? Math.max(2.5, radius * 0.24) : 2;
  context.lineJoin = 'round';
  context.stroke();
}

function paintState(context: MapContext, stage: StageNode, state: KnownState, palette: Palette): void {
  const colour = palette.states[state];
  const isHollow = state === 'unknown' || state === 'blind';
  context.fillStyle = isHollow ? palette.ground : colour;
  context.fill();
  context.lineJoin = 'round';
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
  context.lineCap = 'round';
  context.lineWidth = Math.max(1.5, stage.radius * 0.14);
  context.strokeStyle = isHollow ? colour : palette.onMark;
  strokeGlyph(context, state, stage.x, stage.y, stage.radius * 0.45);
  context.lineCap = 'butt';
}

/** A small pin's head at the upper right: the forces do not have this one. */
function paintPin(context: MapContext, { x, y, radius }: StageNode, palette: Palette): void {
  context.beginPath();
  context.arc(x + radius * 0.8, y - radius * 0.8, 3, 0, 2 * Math.PI);
  context.fillStyle = palette.accent;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = palette.ground;
  context.stroke();
}
