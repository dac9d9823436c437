import { type Force, forceManyBody, type SimulationNodeDatum } from 'd3-force';

/** A node as the forces see it. d3-force writes x, y, vx, vy. */
export interface Body extends SimulationNodeDatum {
  readonly id: string;
  readonly groups: readonly string[];
  readonly radius: number;
  charge: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** How much of its motion a node makes, 0 to 1: what has settled is cold, what is new is hot. */
  heat: number;
  isPinned: boolean;
}

export type BodyForce = Force<Body, never>;

/** Nodes repel each other like electrons. Barnes-Hut by d3-force; a faster one may take its place behind this. */
export const repulsion = (): BodyForce =>
  forceManyBody<Body>()
    .strength((body) => body.charge)
    .distanceMax(REPULSION_REACH);

/** Scene units; beyond this, parts of the map do not push each other apart for ever. */
const REPULSION_REACH = 1_200;

/** What belongs to one server or machine keeps together; machines and servers keep apart from strangers. */
export function containment(): BodyForce {
  let groups: readonly Group[] = [];
  let strangers: readonly Body[] = [];
  const force: BodyForce = (alpha) => {
    for (const group of groups) {
      measure(group);
      for (const body of group.members) {
        body.vx += (group.x - body.x) * COHESION * alpha;
        body.vy += (group.y - body.y) * COHESION * alpha;
      }
    }
    for (const body of strangers) keepOut(body, groups, alpha);
  };
  force.initialize = (bodies) => {
    groups = groupsOf(bodies);
    strangers = groups.length * bodies.length <= KEPT_OUT_MAX ? bodies : [];
  };
  return force;
}

const COHESION = 0.3;
const ROOM_AROUND_GROUP = 46;
/** Groups × nodes that are kept apart; a larger map is read from farther away, and hulls may overlap there. */
const KEPT_OUT_MAX = 40_000;
/** Scene units a tick. */
const PUSH_MAX = 40;

/** Scales each node's motion by its heat. The last force: it sees what the others did. */
export function heat(): BodyForce {
  let bodies: readonly Body[] = [];
  const force: BodyForce = () => {
    for (const body of bodies) {
      body.vx *= body.heat;
      body.vy *= body.heat;
    }
  };
  force.initialize = (all) => {
    bodies = all;
  };
  return force;
}

interface Group {
  readonly id: string;
  readonly members: readonly Body[];
  x: number;
  y: number;
  radius: number;
}

function groupsOf(bodies: readonly Body[]): readonly Group[] {
  const members = new Map<string, Body[]>();
  for (const body of bodies) {
    for (const group of body.groups) {
      const of = members.get(group) ?? [];
      of.push(body);
      members.set(group, of);
    }
  }
  return [...members.entries()].map(([id, of]) => ({ id, members: of, x: 0, y: 0, radius: 0 }));
}

function measure(group: Group): void {
  const count = group.members.length;
  group.x = group.members.reduce((sum, body) => sum + body.x, 0) / count;
  group.y = group.members.reduce((sum, body) => sum + body.y, 0) / count;
  group.radius = 0;
  for (const body of group.members) {
    group.radius = Math.max(group.radius, Math.hypot(body.x - group.x, body.y - group.y) + body.radius);
  }
}

/** Pushes a body out of the one group that it is deepest in, and that group a little the other way. All at once would throw it. */
function keepOut(body: Body, groups: readonly Group[], alpha: number): void {
  let deepest: Group | null = null;
  let most = 0;
  for (const group of groups) {
    const overlap = overlapOf(body, group);
    if (overlap <= most || body.groups.includes(group.id)) continue;
    deepest = group;
    most = overlap;
  }
  if (deepest === null) return;
  const [dx, dy] = [body.x - deepest.x, body.y - deepest.y];
  const distance = Math.hypot(dx, dy) || 1;
  const push = (Math.min(PUSH_MAX, most * 0.5) * alpha) / distance;
  body.vx += dx * push;
  body.vy += dy * push;
  for (const member of deepest.members) {
    member.vx -= (dx * push) / deepest.members.length;
    member.vy -= (dy * push) / deepest.members.length;
  }
}

const overlapOf = (body: Body, group: Group): number =>
  group.radius + ROOM_AROUND_GROUP + body.radius - Math.hypot(body.x - group.x, body.y - group.y);
