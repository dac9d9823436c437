import type { Point } from './camera.ts';

/** A cubic curve on the screen, from where a message leaves to where it lands. */
export interface Lane {
  readonly from: Point;
  readonly bend1: Point;
  readonly bend2: Point;
  readonly to: Point;
}

/** The two lanes of a link: the request's goes from the caller to the service, the reply's back. */
export interface LanePair {
  readonly request: Lane;
  readonly reply: Lane;
}

export interface LaneEnd extends Point {
  /** Of the node's mark, CSS pixels. */
  readonly radius: number;
}

/** Between the two lanes, in the middle and at the nodes. */
const GAP_MIDDLE = 11;
const GAP_END = 5;
/** Two links between the same nodes bow away from each other. */
const BOW_OPPOSITE = 26;
/** Between near nodes a bow stays a bow, not an ear. */
const BOW_OPPOSITE_SHARE = 0.2;
const BOW_SHARE = 0.06;
/** Links between the same two nodes, one for each operation, bow further and further. */
const BOW_RANK = 30;
const BOW_RANK_SHARE = 0.1;
const LOOP_RANK = 0.35;
const AIR = 3;

/**
 * `opposed`: whether the other node calls back, so that the two pairs must part. Each pair bows to its own right, so the
 * pairs of opposite links never lie on one another. `rank`: so many bow less between the same nodes.
 */
export function lanesOf(source: LaneEnd, target: LaneEnd, opposed: boolean, rank = 0): LanePair {
  const [dx, dy] = [target.x - source.x, target.y - source.y];
  const length = Math.hypot(dx, dy);
  if (length < 1) return loopOf({ ...source, radius: source.radius * (1 + rank * LOOP_RANK) });
  const along = { x: dx / length, y: dy / length };
  const right = { x: -along.y, y: along.x };
  const bow =
    length * BOW_SHARE +
    (opposed ? Math.min(BOW_OPPOSITE, length * BOW_OPPOSITE_SHARE) : 0) +
    rank * Math.min(BOW_RANK, length * BOW_RANK_SHARE);
  return {
    request: lane(source, target, along, right, bow + GAP_MIDDLE / 2, GAP_END),
    reply: reversed(lane(source, target, along, right, bow - GAP_MIDDLE / 2, -GAP_END)),
  };
}

function lane(source: LaneEnd, target: LaneEnd, along: Point, right: Point, bow: number, aside: number): Lane {
  const length = Math.hypot(target.x - source.x, target.y - source.y);
  const start = Math.min(source.radius + AIR, length * 0.4);
  const stop = Math.min(target.radius + AIR, length * 0.4);
  const from = shifted(source, along, start, right, aside / 2);
  const to = shifted(target, along, -stop, right, aside / 2);
  // A cubic whose handles stand a third in reaches three quarters of their height.
  const height = bow / 0.75;
  const third = (length - start - stop) / 3;
  return {
    from,
    bend1: shifted(from, along, third, right, height),
    bend2: shifted(to, along, -third, right, height),
    to,
  };
}

const shifted = (from: Point, along: Point, forward: number, right: Point, aside: number): Point => ({
  x: from.x + along.x * forward + right.x * aside,
  y: from.y + along.y * forward + right.y * aside,
});

const reversed = ({ from, bend1, bend2, to }: Lane): Lane => ({ from: to, bend1: bend2, bend2: bend1, to: from });

/** A node that calls itself (at server or machine level: what it contains calls each other). */
function loopOf(node: LaneEnd): LanePair {
  const at = (dx: number, dy: number): Point => ({ x: node.x + dx * node.radius, y: node.y + dy * node.radius });
  const outer = { from: at(-0.7, -0.9), bend1: at(-2.2, -3.4), bend2: at(2.2, -3.4), to: at(0.7, -0.9) };
  const inner = { from: at(-0.35, -1.05), bend1: at(-1.2, -2.6), bend2: at(1.2, -2.6), to: at(0.35, -1.05) };
  return { request: outer, reply: reversed(inner) };
}

export function pointOn({ from, bend1, bend2, to }: Lane, t: number): Point {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    x: a * from.x + b * bend1.x + c * bend2.x + d * to.x,
    y: a * from.y + b * bend1.y + c * bend2.y + d * to.y,
  };
}

/** Straight-line length of the lane's ends: enough to tell how much room there is. */
export const spanOf = ({ from, to }: Lane): number => Math.hypot(to.x - from.x, to.y - from.y);

const NEAR_STEPS = 24;

/** How near a point is to the lane, CSS pixels, to the accuracy of a pointer. */
export function distanceTo(lane: Lane, at: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= NEAR_STEPS; step++) {
    const point = pointOn(lane, step / NEAR_STEPS);
    least = Math.min(least, Math.hypot(point.x - at.x, point.y - at.y));
  }
  return least;
}
