import type { Point } from './camera.ts';

export interface Disc extends Point {
  readonly radius: number;
}

const POINTS_AROUND = 20;

/** The convex outline around discs, each with `room` around it: round by itself, as the discs are. */
export function outlineOf(discs: readonly Disc[], room: number): readonly Point[] {
  const points: Point[] = [];
  for (const disc of discs) {
    for (let i = 0; i < POINTS_AROUND; i++) {
      const angle = (i / POINTS_AROUND) * 2 * Math.PI;
      const reach = disc.radius + room;
      points.push({ x: disc.x + reach * Math.cos(angle), y: disc.y + reach * Math.sin(angle) });
    }
  }
  return convexHull(points);
}

/** Andrew's monotone chain. */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    while (kept.length >= 2 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    kept.push(point);
  }
  return kept;
}

function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  if (a === undefined || b === undefined) return 1;
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
