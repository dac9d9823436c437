import { stateRank } from '@soa-monitor/protocol';
import type { Box, Point, Size } from './camera.ts';
import type { Lettering } from './fonts.ts';
import { type Placed, placeLabels, tracksOf, type Wish } from './labels.ts';
import { type Lane, pointOn, spanOf } from './lanes.ts';
import type { MapContext, Marked } from './marked.ts';
import { knownState, type Palette } from './palette.ts';
import type { Stage, StageHull, StageLink, StageNode } from './stage.ts';
import type { TextWidths } from './text-widths.ts';
import { calmWords, linkWords, nodeWords, type Run } from './wording.ts';

/** Where letters go, and what they look like. */
export interface Sheet {
  readonly context: MapContext;
  readonly lettering: Lettering;
  readonly widths: TextWidths;
}

/** A label: lines of runs, on a plate or bare. */
interface Label {
  readonly lines: readonly (readonly Run[])[];
  readonly state: string | null;
  readonly hasPlate: boolean;
  readonly isFaded: boolean;
}

const LINE = 16;
const PAD = { x: 6, y: 3 } as const;
/** Below this, marks are read and names are asked for by pointing. */
const SCALE_FOR_NAMES = 0.5;

/** Paints names and figures; the less important goes where two would collide. Rests again and again, as the map does. */
export function* paintLabels(
  sheet: Sheet,
  stage: Stage,
  palette: Palette,
  size: Size,
  marked: Marked,
  withInFlight: boolean,
): Generator<void> {
  // A server that stands on the map itself says its name there.
  const standing = new Set(stage.nodes.map((node) => node?.node.id));
  const wishes = [
    ...stage.nodes.flatMap((node) => (node === null ? [] : nodeWish(sheet, node, stage.scale, marked))),
    ...stage.links.flatMap((link) =>
      link === null || (stage.isFolded && !isLoud(link))
        ? []
        : linkWish(sheet, link, stage.scale, marked, withInFlight),
    ),
    ...stage.hulls.filter((hull) => !standing.has(hull.hull.id)).flatMap((hull) => hullWish(sheet, hull, stage.scale)),
  ];
  yield;
  const obstacles = stage.nodes.flatMap((node) => (node === null ? [] : boxAround(node)));
  const all = placeLabels(wishes, obstacles, tracksOf(lanePoints(stage)), size);
  for (const [index, placed] of all.entries()) {
    paintLabel(sheet, placed, palette);
    if (index % LABELS_AT_ONCE === LABELS_AT_ONCE - 1) yield;
  }
}

const LABELS_AT_ONCE = 12;

/** Among sums of links only those that fail have a word to say. */
const isLoud = ({ link, reading }: StageLink): boolean =>
  link.source !== link.target && (reading.broken || (reading.faultShare ?? 0) > 0.05);

/** Labels keep off the lanes where they can; where links are too many to be told apart, they need not. */
const LINKS_KEPT_FREE = 200;
const POINTS_PER_LANE = 24;

function lanePoints(stage: Stage): readonly Point[] {
  if (stage.links.length > LINKS_KEPT_FREE) return [];
  const points: Point[] = [];
  for (const link of stage.links) {
    if (link === null) continue;
    for (let step = 0; step <= POINTS_PER_LANE; step++) {
      points.push(
        pointOn(link.lanes.request, step / POINTS_PER_LANE),
        pointOn(link.lanes.reply, step / POINTS_PER_LANE),
      );
    }
  }
  return points;
}

function nodeWish(sheet: Sheet, stageNode: StageNode, scale: number, marked: Marked): readonly Wish<Label>[] {
  const { node, reading, x, y, radius } = stageNode;
  const isMarked = marked.selection?.id === node.id || marked.hover?.id === node.id;
  const trouble = reading.state === null ? 0 : stateRank(reading.state);
  const isDim = reading.shade !== undefined || (marked.lit !== null && !marked.lit.nodes.has(node.id));
  if (!isMarked && (isDim || (trouble < 3 && scale < SCALE_FOR_NAMES))) return [];
  const name: Run = { text: node.name, style: 'name' };
  const belongs: readonly Run[] = isMarked && node.belongsTo !== '' ? [{ text: node.belongsTo, style: 'quiet' }] : [];
  const lines = [[name], nodeWords(reading), belongs].filter((line) => line.length > 0);
  const label = { lines, state: reading.state, hasPlate: isMarked, isFaded: reading.absent };
  const box = sizeOf(sheet, label);
  const [below, beside] = [radius + box.height / 2 + 4, radius + box.width / 2 + 4];
  const [lower, aside] = [radius + 4 + box.height / 2, radius * 0.5 + box.width / 2];
  const middles = [
    { x, y: y + below },
    { x, y: y - below },
    { x: x + beside, y },
    { x: x - beside, y },
    { x: x + aside, y: y + lower },
    { x: x - aside, y: y + lower },
    { x: x + aside, y: y - lower },
    { x: x - aside, y: y - lower },
  ];
  return [
    {
      what: label,
      priority: (isMarked ? 1_000 : 450) + trouble * 40 + Math.min(30, reading.perSecond),
      ...box,
      middles,
    },
  ];
}

function linkWish(
  sheet: Sheet,
  stageLink: StageLink,
  scale: number,
  marked: Marked,
  withInFlight: boolean,
): readonly Wish<Label>[] {
  const { link, reading, lanes } = stageLink;
  const isMarked = marked.selection?.id === link.id || marked.hover?.id === link.id;
  if (!isMarked && reading.shade !== undefined) return [];
  if (!isMarked && (scale < SCALE_FOR_NAMES || (marked.lit !== null && !marked.lit.links.has(link.id)))) return [];
  const isCalm = link.name !== undefined && !isMarked && !isLoud(stageLink);
  const words = isCalm ? calmWords(reading, withInFlight) : linkWords(reading, withInFlight);
  const runs = namedWords(link.name, words ?? (isMarked ? [QUIET] : null));
  if (runs === null) return [];
  const label = { lines: [runs], state: null, hasPlate: true, isFaded: reading.absent };
  const box = sizeOf(sheet, label);
  if (!isMarked && spanOf(lanes.request) < box.width * 0.5) return [];
  const failing = reading.broken ? 300 : (reading.faultShare ?? 0) > 0.05 ? 150 : 0;
  const priority = (isMarked ? 900 : 100) + failing + Math.min(60, 20 * Math.log10(1 + reading.perSecond));
  const middles = [0.5, 0.4, 0.6, 0.3, 0.7].flatMap((t) => [
    beside(lanes.request, t, box, 1),
    beside(lanes.reply, 1 - t, box, 1),
  ]);
  return [{ what: label, priority, ...box, middles }];
}

/** Behind the operation's name, where links are split by it. */
const namedWords = (name: string | undefined, words: readonly Run[] | null): readonly Run[] | null =>
  name === undefined
    ? words
    : [{ text: name, style: 'name' }, ...(words === null ? [] : [{ text: ' · ', style: 'quiet' } as const, ...words])];

const QUIET: Run = { text: 'no calls in the last minute', style: 'quiet' };

/** The middle of a plate that stands beside the lane, to its right, so that dots are not hidden under it. */
function beside(lane: Lane, t: number, box: { readonly width: number; readonly height: number }, side: 1 | -1): Point {
  const at = pointOn(lane, t);
  const next = pointOn(lane, Math.min(1, t + 0.02));
  const length = Math.hypot(next.x - at.x, next.y - at.y) || 1;
  const right = { x: (-(next.y - at.y) / length) * side, y: ((next.x - at.x) / length) * side };
  const reach = (Math.abs(right.x) * box.width + Math.abs(right.y) * box.height) / 2 + 7;
  return { x: at.x + right.x * reach, y: at.y + right.y * reach };
}

function hullWish(sheet: Sheet, { hull, state, outline }: StageHull, scale: number): readonly Wish<Label>[] {
  if (scale < SCALE_FOR_NAMES) return [];
  const isWell = state === null || stateRank(state) < 3;
  const runs: readonly Run[] = [
    {
      text: hull.kind === 'machine' ? `${hull.name} (machine)` : hull.name,
      style: hull.kind === 'server' ? 'name' : 'quiet',
    },
    ...(isWell || state === null
      ? []
      : [{ text: ' · ', style: 'quiet' } as const, { text: state, style: 'state' } as const]),
  ];
  const label = { lines: [runs], state, hasPlate: false, isFaded: false };
  const box = sizeOf(sheet, label);
  const middles = aroundOutline(outline, box, hull.kind === 'server' ? SERVER_TURNS : MACHINE_TURNS);
  return [{ what: label, priority: hull.kind === 'server' ? 700 : 90, ...box, middles }];
}

/** Places just outside of the outline, its top first, then down both sides. */
function aroundOutline(
  outline: readonly Point[],
  box: { readonly width: number; readonly height: number },
  turns: readonly number[],
): readonly Point[] {
  return turns.flatMap((turn) => {
    const out = { x: Math.sin(turn * 2 * Math.PI), y: -Math.cos(turn * 2 * Math.PI) };
    const reach = (point: Point): number => point.x * out.x + point.y * out.y;
    const edge = outline.reduce((most, point) => (reach(point) > reach(most) ? point : most), outline[0] ?? out);
    return { x: edge.x + out.x * (box.width / 2 + 2), y: edge.y + out.y * (box.height / 2 + 2) };
  });
}

const SERVER_TURNS = [0, 0.08, -0.08, 0.5, 0.17, -0.17, 0.42, -0.42, 0.25, -0.25];
const MACHINE_TURNS = [0, 0.08, -0.08, 0.5];

function paintLabel(sheet: Sheet, placed: Placed<Label>, palette: Palette): void {
  const { context } = sheet;
  const { what: label, left, top, right, bottom } = placed;
  context.globalAlpha = label.isFaded ? 0.45 : 1;
  if (label.hasPlate) {
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, 5);
    context.fillStyle = palette.plate;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = palette.plateEdge;
    context.stroke();
  }
  context.textBaseline = 'middle';
  for (const [row, runs] of label.lines.entries()) {
    let x = (left + right) / 2 - widthOf(sheet, runs) / 2;
    const y = top + PAD.y + LINE * (row + 0.5) + 0.5;
    for (const run of runs) {
      const font = fontOf(run, sheet.lettering);
      context.font = font;
      if (!label.hasPlate) {
        // Without a plate, a rim of ground keeps text readable over lines.
        context.lineWidth = 3;
        context.lineJoin = 'round';
        context.strokeStyle = palette.ground;
        context.strokeText(run.text, x, y);
      }
      context.fillStyle = colourOf(run, label.state, palette);
      context.fillText(run.text, x, y);
      x += sheet.widths.of(context, font, run.text);
    }
  }
  context.globalAlpha = 1;
}

const fontOf = ({ style }: Run, { mono, strong, sans }: Lettering): string =>
  style === 'name' ? mono : style === 'bad' || style === 'state' ? strong : sans;

function colourOf({ style }: Run, state: string | null, palette: Palette): string {
  switch (style) {
    case 'name':
    case 'figure':
      return palette.text;
    case 'quiet':
      return palette.textQuiet;
    case 'bad':
      return palette.stateWords.down;
    case 'state':
      return palette.stateWords[knownState(state ?? 'unknown')];
  }
}

function widthOf({ context, lettering, widths }: Sheet, runs: readonly Run[]): number {
  let width = 0;
  for (const run of runs) width += widths.of(context, fontOf(run, lettering), run.text);
  return width;
}

function sizeOf(sheet: Sheet, label: Label): { width: number; height: number } {
  const width = Math.max(...label.lines.map((runs) => widthOf(sheet, runs)));
  return { width: Math.ceil(width) + PAD.x * 2, height: label.lines.length * LINE + PAD.y * 2 };
}

const boxAround = ({ x, y, radius }: StageNode): Box => ({
  left: x - radius,
  top: y - radius,
  right: x + radius,
  bottom: y + radius,
});
