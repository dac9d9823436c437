import { hierarchyPlaces } from './layout/hierarchy-places.ts';
import { neighboursOf } from './layout/neighbours.ts';
import type { LayoutBody, LayoutLink } from './messages.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where bodies begin, in the order of what is known: their kept place; where they stood at another level; the middle of
 * their neighbours. A map without any place begins with its hierarchy, which gives the forces a better start than a spiral
 * (measured: docs/performance.md). `random` only parts what would lie on one point.
 */
export function seedPlaces(
  bodies: readonly LayoutBody[],
  links: readonly LayoutLink[],
  random: () => number,
): readonly Point[] {
  const known = new Map<number, Point>();
  for (const [index, { place, hint }] of bodies.entries()) {
    if (place !== null) known.set(index, place);
    else if (hint !== null) known.set(index, parted(hint, random, 10));
  }
  if (known.size === 0) return hierarchyPlaces(bodies, links, random);
  const { starts, others } = neighboursOf(bodies.length, links);
  return bodies.map((body, index) => {
    const settled = known.get(index);
    if (settled !== undefined) return settled;
    const near = [...others.subarray(starts[index], starts[index + 1])].flatMap((other) => known.get(other) ?? []);
    const kin = near.length > 0 ? near : kinOf(body, bodies, known);
    const point = parted(kin.length > 0 ? middleOf(kin) : edgeOf(known), random, NEW_NODE_STEP);
    known.set(index, point);
    return point;
  });
}

const RING_INNER = 90;
/** A new node begins so far from the middle of its neighbours: not on top of them. */
const NEW_NODE_STEP = 60;

const onCircle = (middle: Point, radius: number, turn: number): Point => ({
  x: middle.x + radius * Math.cos(turn * 2 * Math.PI),
  y: middle.y + radius * Math.sin(turn * 2 * Math.PI),
});

function kinOf(body: LayoutBody, bodies: readonly LayoutBody[], known: ReadonlyMap<number, Point>): readonly Point[] {
  const group = body.groups.at(-1);
  if (group === undefined) return [];
  return [...known].filter(([index]) => bodies[index]?.groups.includes(group)).map(([, point]) => point);
}

const middleOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

/** Beside everything that has a place. */
function edgeOf(known: ReadonlyMap<number, Point>): Point {
  if (known.size === 0) return { x: 0, y: 0 };
  const points = [...known.values()];
  const right = points.reduce((most, point) => Math.max(most, point.x), Number.NEGATIVE_INFINITY);
  return { x: right + RING_INNER, y: middleOf(points).y };
}

function parted(point: Point, random: () => number, step: number): Point {
  return onCircle(point, step * (0.5 + random() / 2), random());
}
