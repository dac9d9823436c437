import { stateRank } from '@soa-monitor/protocol';
import { type Box, type Camera, fitted, type Point, type Size, toScene } from './camera.ts';
import { type AnyCanvas, contextOf } from './kept-picture.ts';
import type { MapContext } from './marked.ts';
import type { Graph, Pointer, Readings } from './messages.ts';
import type { Palette } from './palette.ts';
import { createPixelFrame, type NewImage, pixelOf } from './pixel-frame.ts';

/** The whole map in a corner, with a frame around what is in view. It is there only when something is out of view. */
export interface Minimap {
  /** What it shows has changed. */
  stale(): void;
  /** Whether it is there. */
  paint(context: MapContext, view: MinimapView): boolean;
  /** The point of the scene under a point of the canvas; null: that is not on it. `held`: also beside it. */
  sceneAt(at: Point, held: boolean): Point | null;
}

export interface MinimapView {
  readonly camera: Camera;
  readonly size: Size & { readonly ratio: number };
  /** Around all places; null while there are none. */
  readonly box: Box | null;
  /** Each node, and whether it deviates. */
  readonly eachMark: (visit: (x: number, y: number, isBad: boolean) => void) => void;
  readonly palette: Palette;
  /** ms, of any clock. */
  readonly now: number;
}

const WIDTH = 176;
const HEIGHT = 112;
const AIR = 16;
const MARGINS = { top: 8, right: 8, bottom: 8, left: 8 };
/** While nodes move it follows so often. */
const REPAINT_MILLIS = 400;

export function createMinimap(newCanvas: () => AnyCanvas, newImage?: NewImage): Minimap {
  const canvas = newCanvas();
  const onto = contextOf(canvas, { alpha: false, willReadFrequently: true });
  const pixels = createPixelFrame(newImage);
  let isStale = true;
  let paintedAt = Number.NEGATIVE_INFINITY;
  let paintedFor: unknown = null;
  let ratio = 0;
  let shown: { readonly left: number; readonly top: number; readonly camera: Camera } | null = null;

  function repaint(view: MinimapView, camera: Camera): void {
    ratio = view.size.ratio;
    const [width, height] = [Math.round(WIDTH * ratio), Math.round(HEIGHT * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    pixels.resize(width, height);
    pixels.fill(pixelOf(view.palette.plate), 0, 0, width, height);
    const put = (x: number, y: number, side: number, colour: number): void => {
      const [left, top] = [
        (x * camera.zoom + camera.x - side / 2) * ratio,
        (y * camera.zoom + camera.y - side / 2) * ratio,
      ];
      pixels.fill(colour, Math.round(left), Math.round(top), Math.round(side * ratio), Math.round(side * ratio));
    };
    // Thousands of nodes are as many squares: a canvas would need a frame for them.
    const usual = pixelOf(view.palette.link);
    const bad: Point[] = [];
    view.eachMark((x, y, isBad) => {
      if (isBad) bad.push({ x, y });
      else put(x, y, 3, usual);
    });
    for (const { x, y } of bad) put(x, y, 5, pixelOf(view.palette.fault));
    pixels.show(onto);
    isStale = false;
    paintedAt = view.now;
    paintedFor = view.palette;
  }

  return {
    stale() {
      isStale = true;
    },
    paint(context, view) {
      const { box, size, palette } = view;
      if (box === null || isAllInView(box, view.camera, size) || size.width < WIDTH * 3) {
        shown = null;
        return false;
      }
      const camera = fitted(box, { width: WIDTH, height: HEIGHT }, MARGINS);
      const isDue = isStale && view.now - paintedAt >= REPAINT_MILLIS;
      if (isDue || paintedFor !== palette || ratio !== size.ratio || shown === null) repaint(view, camera);
      const [left, top] = [size.width - WIDTH - AIR, size.height - HEIGHT - AIR];
      shown = { left, top, camera };
      context.drawImage(canvas, left, top, WIDTH, HEIGHT);
      context.lineWidth = 1;
      context.strokeStyle = palette.plateEdge;
      context.strokeRect(left + 0.5, top + 0.5, WIDTH - 1, HEIGHT - 1);
      paintFrame(context, view, shown);
      return true;
    },
    sceneAt(at, held) {
      if (shown === null) return null;
      const [x, y] = [at.x - shown.left, at.y - shown.top];
      const isOn = x >= 0 && y >= 0 && x <= WIDTH && y <= HEIGHT;
      return isOn || held ? toScene(shown.camera, { x, y }) : null;
    },
  };
}

/** All nodes that have a place, closed or not. */
export function visitMarks(
  graph: Graph,
  readings: Readings,
  placeOf: (id: string) => Point | undefined,
  visit: (x: number, y: number, isBad: boolean) => void,
): void {
  for (let index = 0; index < graph.nodes.length; index++) {
    const place = placeOf(graph.nodes[index]?.id ?? '');
    const state = readings.nodes[index]?.state ?? null;
    if (place !== undefined) visit(place.x, place.y, state !== null && stateRank(state) >= BAD_RANK);
  }
}

/** From suspect on. */
const BAD_RANK = 3;

/** A pointer that presses on the map in the corner moves the camera there, until it is let go. Gives whether it was for it. */
export function createSteering(minimap: Minimap, moveTo: (at: Point) => void): (pointer: Pointer) => boolean {
  let isHeld = false;
  return (pointer) => {
    if (pointer.kind === 'up' || pointer.kind === 'leave') {
      const wasHeld = isHeld;
      isHeld = false;
      return wasHeld;
    }
    if (pointer.kind !== 'down' && !(pointer.kind === 'move' && isHeld)) return false;
    const to = minimap.sceneAt(pointer, isHeld);
    if (to === null) return false;
    isHeld = true;
    moveTo(to);
    return true;
  };
}

function isAllInView(box: Box, camera: Camera, size: Size): boolean {
  const [left, top] = [box.left * camera.zoom + camera.x, box.top * camera.zoom + camera.y];
  const [right, bottom] = [box.right * camera.zoom + camera.x, box.bottom * camera.zoom + camera.y];
  return left >= 0 && top >= 0 && right <= size.width && bottom <= size.height;
}

function paintFrame(
  context: MapContext,
  { camera, size, palette }: MinimapView,
  shown: { readonly left: number; readonly top: number; readonly camera: Camera },
): void {
  const corner = (x: number, y: number): Point => {
    const at = toScene(camera, { x, y });
    return {
      x: Math.min(WIDTH - 1, Math.max(1, at.x * shown.camera.zoom + shown.camera.x)) + shown.left,
      y: Math.min(HEIGHT - 1, Math.max(1, at.y * shown.camera.zoom + shown.camera.y)) + shown.top,
    };
  };
  const [from, to] = [corner(0, 0), corner(size.width, size.height)];
  context.lineWidth = 2;
  context.strokeStyle = palette.accent;
  context.strokeRect(from.x, from.y, Math.max(3, to.x - from.x), Math.max(3, to.y - from.y));
}
