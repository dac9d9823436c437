import type { Size } from './camera.ts';
import { strokeGlyph, traceShape } from './glyphs.ts';
import type { Lane } from './lanes.ts';
import type { Pick } from './messages.ts';
import { type KnownState, knownState, type Palette } from './palette.ts';
import { alphaOf, type Stage, type StageHull, type StageLink, type StageNode } from './stage.ts';

type Context = OffscreenCanvasRenderingContext2D;

/** Everything that stands still under the dots, but the labels. */
export function paintMap(context: Context, stage: Stage, palette: Palette, size: Size, marked: Marked): void {
  context.globalAlpha = 1;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, size.width, size.height);
  for (const hull of stage.hulls) paintHull(context, hull, palette);
  const isCrowded = stage.links.length > LINKS_DRAWN_SINGLY;
  if (isCrowded) paintCrowd(context, stage, palette);
  else for (const link of stage.links) if (link !== null) paintLink(context, link, palette, marked);
  for (const node of stage.nodes) if (node !== null && isInView(node, size)) paintNode(context, node, palette, marked);
}

/** What is selected, and what the pointer is over. */
export interface Marked {
  readonly selection: Pick | null;
  readonly hover: Pick | null;
}

/** Beyond this, links are hairlines drawn in one stroke: pairs of curves could not be told apart anyway. */
const LINKS_DRAWN_SINGLY = 1_200;
const WIDTHS = [1, 1.25, 1.75, 2.5, 3.5] as const;

const isInView = (node: StageNode, size: Size): boolean =>
  node.x > -60 && node.y > -60 && node.x < size.width + 60 && node.y < size.height + 60;

function paintHull(context: Context, { hull, outline }: StageHull, palette: Palette): void {
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

function paintLink(context: Context, stageLink: StageLink, palette: Palette, marked: Marked): void {
  const { link, reading, lanes, step } = stageLink;
  const isMarked = isPicked(marked, 'link', link.id);
  const colour = isMarked
    ? palette.accent
    : reading.broken
      ? palette.fault
      : step === 0
        ? palette.linkQuiet
        : palette.link;
  const width = (WIDTHS[step] ?? 1) + (isMarked ? 0.75 : 0);
  context.globalAlpha = alphaOf(reading);
  context.strokeStyle = colour;
  context.setLineDash(reading.broken ? [7, 5] : []);
  context.lineWidth = width;
  strokeLane(context, lanes.request);
  context.lineWidth = Math.max(0.75, width * 0.6);
  context.globalAlpha *= 0.65;
  strokeLane(context, lanes.reply);
  context.setLineDash([]);
  context.globalAlpha = alphaOf(reading);
  paintHead(context, lanes.request, colour, 5.5 + width);
  context.globalAlpha = 1;
}

function strokeLane(context: Context, { from, bend1, bend2, to }: Lane): void {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(bend1.x, bend1.y, bend2.x, bend2.y, to.x, to.y);
  context.stroke();
}

/** An arrow's head at the service: which way the call goes is seen without waiting for a dot. */
function paintHead(context: Context, { bend2, to }: Lane, colour: string, length: number): void {
  const angle = Math.atan2(to.y - bend2.y, to.x - bend2.x);
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(to.x, to.y);
  for (const side of [-0.42, 0.42]) {
    context.lineTo(to.x - length * Math.cos(angle + side), to.y - length * Math.sin(angle + side));
  }
  context.closePath();
  context.fill();
}

function paintCrowd(context: Context, stage: Stage, palette: Palette): void {
  for (const broken of [false, true]) {
    context.strokeStyle = broken ? palette.fault : palette.linkQuiet;
    context.lineWidth = 1;
    context.beginPath();
    for (const link of stage.links) {
      if (link === null || link.reading.broken !== broken || link.reading.shade !== undefined) continue;
      context.moveTo(link.lanes.request.from.x, link.lanes.request.from.y);
      context.lineTo(link.lanes.request.to.x, link.lanes.request.to.y);
    }
    context.stroke();
  }
}

function paintNode(context: Context, stageNode: StageNode, palette: Palette, marked: Marked): void {
  const { node, reading, x, y, radius } = stageNode;
  context.globalAlpha = alphaOf(reading);
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
function paintStateless(context: Context, { node, radius }: StageNode, palette: Palette): void {
  context.fillStyle = palette.ground;
  context.fill();
  context.strokeStyle = palette.stateless;
  context.lineWidth = node.kind === 'outside' ? Math.max(2.5, radius * 0.24) : 2;
  context.lineJoin = 'round';
  context.stroke();
}

function paintState(context: Context, stage: StageNode, state: KnownState, palette: Palette): void {
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
function paintPin(context: Context, { x, y, radius }: StageNode, palette: Palette): void {
  context.beginPath();
  context.arc(x + radius * 0.8, y - radius * 0.8, 3, 0, 2 * Math.PI);
  context.fillStyle = palette.accent;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = palette.ground;
  context.stroke();
}

const isPicked = ({ selection, hover }: Marked, kind: Pick['kind'], id: string): boolean =>
  (selection?.kind === kind && selection.id === id) || (hover?.kind === kind && hover.id === id);
