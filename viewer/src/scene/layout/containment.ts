import type { Bodies, BodyForce } from './bodies.ts';

/** What belongs to one server or machine keeps together; machines and servers keep apart from strangers. */
export function createContainment(groupsOf: readonly (readonly string[])[]): BodyForce {
  const groups = groupsFrom(groupsOf);
  const bodyGroups = groupsOf.map(() => new Set<Group>());
  for (const group of groups) for (const member of group.members) bodyGroups[member]?.add(group);
  const keepsOut = groups.length * groupsOf.length <= KEPT_OUT_MAX;
  return (bodies, alpha) => {
    for (const group of groups) pullTogether(group, bodies, group.cohesion * alpha);
    if (!keepsOut) return;
    for (const group of groups) measure(group, bodies);
    for (let i = 0; i < bodies.count; i++) keepOut(i, bodyGroups[i] ?? NONE, groups, bodies, alpha);
  };
}

/** Servers are drawn tight, machines loose: what a machine's servers call elsewhere pulls them apart for a reason. */
const COHESION = { inner: 0.5, outer: 0.06 } as const;
/** A large map is read from afar, its servers closed: there what calls each other lies nearer (stress: docs/performance.md). */
const COHESION_OF_LARGE = { inner: 0.2, outer: 0.05 } as const;
const LARGE_FROM = 600;
const ROOM_AROUND_GROUP = 46;
/** Groups × nodes that are kept apart; a larger map is read from farther away, and hulls may overlap there. */
const KEPT_OUT_MAX = 40_000;
/** Scene units a tick. */
const PUSH_MAX = 40;

interface Group {
  readonly members: Int32Array;
  readonly cohesion: number;
  x: number;
  y: number;
  radius: number;
}

const NONE: ReadonlySet<Group> = new Set();

function groupsFrom(groupsOf: readonly (readonly string[])[]): readonly Group[] {
  const members = new Map<string, number[]>();
  for (const [index, groups] of groupsOf.entries()) {
    for (const group of groups) {
      const of = members.get(group);
      if (of === undefined) members.set(group, [index]);
      else of.push(index);
    }
  }
  const strength = groupsOf.length > LARGE_FROM ? COHESION_OF_LARGE : COHESION;
  const outer = new Set(groupsOf.filter((groups) => groups.length > 1).map((groups) => groups[0]));
  return [...members].map(([id, of]) => {
    const cohesion = outer.has(id) ? strength.outer : strength.inner;
    return { members: Int32Array.from(of), cohesion, x: 0, y: 0, radius: 0 };
  });
}

function pullTogether(group: Group, { x, y, vx, vy }: Bodies, strength: number): void {
  const { members } = group;
  let sumX = 0;
  let sumY = 0;
  for (let k = 0; k < members.length; k++) {
    sumX += x[members[k] ?? 0] ?? 0;
    sumY += y[members[k] ?? 0] ?? 0;
  }
  group.x = sumX / members.length;
  group.y = sumY / members.length;
  for (let k = 0; k < members.length; k++) {
    const body = members[k] ?? 0;
    vx[body] = (vx[body] ?? 0) + (group.x - (x[body] ?? 0)) * strength;
    vy[body] = (vy[body] ?? 0) + (group.y - (y[body] ?? 0)) * strength;
  }
}

/** How far it reaches around its middle. */
function measure(group: Group, { x, y, radius }: Bodies): void {
  group.radius = 0;
  for (const body of group.members) {
    const dx = group.x - (x[body] ?? 0);
    const dy = group.y - (y[body] ?? 0);
    group.radius = Math.max(group.radius, Math.sqrt(dx * dx + dy * dy) + (radius[body] ?? 0));
  }
}

/** Pushes a body out of the one group that it is deepest in, and that group a little the other way. All at once would throw it. */
function keepOut(
  body: number,
  own: ReadonlySet<Group>,
  groups: readonly Group[],
  { x, y, vx, vy, radius }: Bodies,
  alpha: number,
): void {
  const [atX, atY, room] = [x[body] ?? 0, y[body] ?? 0, (radius[body] ?? 0) + ROOM_AROUND_GROUP];
  let deepest: Group | null = null;
  let most = 0;
  for (const group of groups) {
    const overlap = group.radius + room - Math.hypot(atX - group.x, atY - group.y);
    if (overlap <= most || own.has(group)) continue;
    deepest = group;
    most = overlap;
  }
  if (deepest === null) return;
  const [dx, dy] = [atX - deepest.x, atY - deepest.y];
  const push = (Math.min(PUSH_MAX, most * 0.5) * alpha) / (Math.hypot(dx, dy) || 1);
  vx[body] = (vx[body] ?? 0) + dx * push;
  vy[body] = (vy[body] ?? 0) + dy * push;
  for (const member of deepest.members) {
    vx[member] = (vx[member] ?? 0) - (dx * push) / deepest.members.length;
    vy[member] = (vy[member] ?? 0) - (dy * push) / deepest.members.length;
  }
}
