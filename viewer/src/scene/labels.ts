import type { Box, Point } from './camera.ts';

/** One label that would like to be seen: its size, and the middles it could have, best first. */
export interface Wish<What> {
  readonly what: What;
  /** The more important is placed first; what finds no room is not drawn. */
  readonly priority: number;
  readonly width: number;
  readonly height: number;
  readonly middles: readonly Point[];
}

export interface Placed<What> extends Box {
  readonly what: What;
}

/** Labels at once; more would be a text, not a map. */
export const LABELS_MAX = 150;
const AIR = 3;

/**
 * Places labels so that none lies over another, over an obstacle, or outside of the view; of the places that are free, the
 * one that hides the fewest of `tracks` (points of what moves or is drawn thin), the first of equals.
 */
export function placeLabels<What>(
  wishes: readonly Wish<What>[],
  obstacles: readonly Box[],
  tracks: Tracks,
  view: { readonly width: number; readonly height: number },
): readonly Placed<What>[] {
  const taken: Box[] = [...obstacles];
  const placed: Placed<What>[] = [];
  for (const wish of [...wishes].sort((a, b) => b.priority - a.priority)) {
    if (placed.length >= LABELS_MAX) break;
    const free = wish.middles.map((middle) => boxAt(wish, middle)).filter((box) => isFree(box, taken, view));
    const box = leastHiding(free, tracks);
    if (box === undefined) continue;
    taken.push(box);
    placed.push({ ...box, what: wish.what });
  }
  return placed;
}

/** Points on the screen, in squares of a grid, so that those in a box are counted without looking at all. */
export interface Tracks {
  countIn(box: Box): number;
}

const SQUARE = 32;

export function tracksOf(points: readonly Point[]): Tracks {
  const squares = new Map<string, Point[]>();
  for (const point of points) {
    const key = `${Math.floor(point.x / SQUARE)} ${Math.floor(point.y / SQUARE)}`;
    const square = squares.get(key);
    if (square === undefined) squares.set(key, [point]);
    else square.push(point);
  }
  return {
    countIn(box) {
      let count = 0;
      for (let x = Math.floor(box.left / SQUARE); x <= box.right / SQUARE; x++) {
        for (let y = Math.floor(box.top / SQUARE); y <= box.bottom / SQUARE; y++) {
          for (const point of squares.get(`${x} ${y}`) ?? []) if (contains(box, point)) count++;
        }
      }
      return count;
    },
  };
}

function leastHiding(boxes: readonly Box[], tracks: Tracks): Box | undefined {
  let found: Box | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const hidden = tracks.countIn(box);
    if (hidden < least) {
      least = hidden;
      found = box;
    }
  }
  return found;
}

const contains = (box: Box, { x, y }: Point): boolean =>
  x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

const boxAt = (size: { readonly width: number; readonly height: number }, middle: Point): Box => ({
  left: Math.round(middle.x - size.width / 2),
  top: Math.round(middle.y - size.height / 2),
  right: Math.round(middle.x + size.width / 2),
  bottom: Math.round(middle.y + size.height / 2),
});

function isFree(box: Box, taken: readonly Box[], view: { readonly width: number; readonly height: number }): boolean {
  if (box.left < AIR || box.top < AIR || box.right > view.width - AIR || box.bottom > view.height - AIR) return false;
  return taken.every((other) => !overlaps(box, other));
}

export const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right + AIR && b.left < a.right + AIR && a.top < b.bottom + AIR && b.top < a.bottom + AIR;
