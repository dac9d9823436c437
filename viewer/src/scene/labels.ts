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
  const taken = createTaken();
  for (const obstacle of obstacles) taken.add(obstacle);
  const placed: Placed<What>[] = [];
  for (const wish of [...wishes].sort((a, b) => b.priority - a.priority).slice(0, TRIED_MAX)) {
    if (placed.length >= LABELS_MAX) break;
    const free = wish.middles
      .map((middle) => boxAt(wish, middle))
      .filter((box) => isWithin(box, view) && !taken.isHit(box));
    const box = leastHiding(free, tracks);
    if (box === undefined) continue;
    taken.add(box);
    placed.push({ ...box, what: wish.what });
  }
  return placed;
}

/** The most important wishes that are looked at; behind them nobody would find the room that they did not. */
const TRIED_MAX = 600;

/** Boxes by the squares of a grid that they touch. */
function createTaken(): { add(box: Box): void; isHit(box: Box): boolean } {
  const squares = new Map<number, Box[]>();
  return {
    add(box) {
      for (const key of squaresOf(box)) {
        const square = squares.get(key);
        if (square === undefined) squares.set(key, [box]);
        else square.push(box);
      }
    },
    isHit(box) {
      const wide = { left: box.left - AIR, top: box.top - AIR, right: box.right + AIR, bottom: box.bottom + AIR };
      return squaresOf(wide).some((key) => squares.get(key)?.some((other) => overlaps(box, other)));
    },
  };
}

const TAKEN_SQUARE = 64;

function squaresOf(box: Box): readonly number[] {
  const keys: number[] = [];
  for (let x = Math.floor(box.left / TAKEN_SQUARE); x <= box.right / TAKEN_SQUARE; x++) {
    for (let y = Math.floor(box.top / TAKEN_SQUARE); y <= box.bottom / TAKEN_SQUARE; y++) keys.push(x * 4_096 + y);
  }
  return keys;
}

/** Points on the screen, in squares of a grid, so that those in a box are counted without looking at all. */
export interface Tracks {
  countIn(box: Box): number;
}

const SQUARE = 32;

export function tracksOf(points: readonly Point[]): Tracks {
  const squares = new Map<number, Point[]>();
  for (const point of points) {
    const key = Math.floor(point.x / SQUARE) * 4_096 + Math.floor(point.y / SQUARE);
    const square = squares.get(key);
    if (square === undefined) squares.set(key, [point]);
    else square.push(point);
  }
  return {
    countIn(box) {
      let count = 0;
      for (let x = Math.floor(box.left / SQUARE); x <= box.right / SQUARE; x++) {
        for (let y = Math.floor(box.top / SQUARE); y <= box.bottom / SQUARE; y++) {
          for (const point of squares.get(x * 4_096 + y) ?? []) if (contains(box, point)) count++;
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

const isWithin = (box: Box, view: { readonly width: number; readonly height: number }): boolean =>
  box.left >= AIR && box.top >= AIR && box.right <= view.width - AIR && box.bottom <= view.height - AIR;

export const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right + AIR && b.left < a.right + AIR && a.top < b.bottom + AIR && b.top < a.bottom + AIR;
