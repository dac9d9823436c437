import type { Point } from './camera.ts';
import type { DotOnScreen } from './dots-seen.ts';
import { distanceTo } from './lanes.ts';
import type { Direction, Pick } from './messages.ts';
import type { Stage, StageNode } from './stage.ts';

const DOT_REACH = 9;
const LINK_REACH = 7;
const NODE_AIR = 4;

/** What is under the pointer: a node before a dot, a dot before a link. `onStage`: the same point as the stage was drawn. */
export function hitAt(stage: Stage, dots: readonly DotOnScreen[], at: Point, onStage: Point = at): Pick | null {
  const node = nodeAt(stage, onStage);
  if (node !== null) return { kind: 'node', id: node.node.id };
  const dot = nearest(dots, DOT_REACH, (one) => Math.hypot(one.x - at.x, one.y - at.y));
  if (dot !== null) return { kind: 'exchange', id: dot.shown.id };
  const links = stage.links.filter((link) => link !== null);
  const link = nearest(links, LINK_REACH, ({ lanes }) =>
    Math.min(distanceTo(lanes.request, onStage), distanceTo(lanes.reply, onStage)),
  );
  return link === null ? null : { kind: 'link', id: link.link.id };
}

export function nodeAt(stage: Stage, at: Point): StageNode | null {
  const nodes = stage.nodes.filter((node) => node !== null);
  const node = nearest(nodes, 60, (one) => Math.hypot(one.x - at.x, one.y - at.y) - Math.max(0, one.radius - 12));
  if (node === null) return null;
  return Math.hypot(node.x - at.x, node.y - at.y) <= node.radius + NODE_AIR ? node : null;
}

/** The nearest node in a direction, for the keyboard: within 60° of it, and what lies straight ahead before what is aside. */
export function neighbourOf(stage: Stage, from: string | null, direction: Direction): string | null {
  const nodes = stage.nodes.filter((node) => node !== null);
  const start = nodes.find((node) => node.node.id === from);
  if (start === undefined) return topLeft(nodes);
  const along = DIRECTIONS[direction];
  const found = nearest(nodes, Number.POSITIVE_INFINITY, (node) => {
    const [dx, dy] = [node.x - start.x, node.y - start.y];
    const ahead = dx * along.x + dy * along.y;
    const aside = Math.abs(dx * along.y) + Math.abs(dy * along.x);
    return node === start || ahead <= aside / 1.75 ? Number.POSITIVE_INFINITY : ahead + 2 * aside;
  });
  return found?.node.id ?? null;
}

const DIRECTIONS: Record<Direction, Point> = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
};

const topLeft = (nodes: readonly StageNode[]): string | null =>
  nearest(nodes, Number.POSITIVE_INFINITY, (node) => 1e6 + node.x + node.y)?.node.id ?? null;

function nearest<One>(all: readonly One[], reach: number, distance: (one: One) => number): One | null {
  let found: One | null = null;
  let least = reach;
  for (const one of all) {
    const away = distance(one);
    if (away < least) {
      least = away;
      found = one;
    }
  }
  return found;
}
