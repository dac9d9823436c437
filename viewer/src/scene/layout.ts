import { forceCollide, forceLink, forceSimulation, forceX, forceY } from 'd3-force';
import { type Body, containment, heat, repulsion } from './forces.ts';
import { layFlat } from './lay-flat.ts';
import type { LayoutBody, LayoutLink } from './messages.ts';
import { seededRandom } from './random.ts';
import { seedPlaces } from './seed-places.ts';

/**
 * The force-directed layout: a pure function of (nodes, links, kept places, seed), run tick by tick. Nodes with a place
 * are cold and keep it but for a trace; new ones are hot and find theirs. Scene units, no clock.
 */
export interface Layout {
  readonly ids: readonly string[];
  /** Whether the forces have come to rest. */
  isSettled(): boolean;
  /** So many steps, or fewer if it settles. */
  tick(steps: number): void;
  /** x, y of each node in the order of `ids`. */
  positions(): Float32Array;
  drag(index: number, x: number, y: number): void;
  drop(index: number): void;
  pin(index: number, x: number, y: number): void;
  unpin(index: number): void;
  charge(index: number, charge: number | null): void;
}

export const CHARGE_DEFAULT = -2_400;
const LINK_LENGTH = 230;
const ALPHA_MIN = 0.004;
const ALPHA_DRAG = 0.3;
const ALPHA_SOFT = 0.25;
/** Motion of a placed node by its hops from what is new (research, warm start). Pure pinning would tear long links. */
const HEAT_OF_PLACED = [1, 0.005, 0.002, 0.001] as const;
/** While a node is dragged its neighbours may follow. */
const HEAT_OF_DRAG = [1, 0.5, 0.1, 0.02] as const;
/** When more than half of the map is new there is no old map to keep. */
const SHARE_NEW_FOR_AFRESH = 0.5;

const RADII: Record<LayoutBody['kind'], number> = { machine: 44, server: 40, endpoint: 34, client: 34, outside: 34 };

export function createLayout(
  graph: { readonly bodies: readonly LayoutBody[]; readonly links: readonly LayoutLink[] },
  settings: { readonly seed: number },
): Layout {
  const random = seededRandom(settings.seed);
  const bodies = bodiesOf(graph.bodies, graph.links, random);
  const isNew = graph.bodies.map((body) => body.place === null);
  const newCount = isNew.filter(Boolean).length;
  const neighbours = adjacency(bodies.length, graph.links);

  const simulation = forceSimulation(bodies)
    .stop()
    .randomSource(random)
    .alphaMin(ALPHA_MIN)
    .velocityDecay(0.4)
    .force('links', linkForce(graph.links, bodies))
    .force('repulsion', repulsion())
    .force('containment', containment())
    .force('x', forceX<Body>(0).strength(0.035))
    .force('y', forceY<Body>(0).strength(0.06))
    .force('room', forceCollide<Body>((body) => body.radius + 14).strength(0.8))
    .force('heat', heat());

  /** A map that is all new has no up and down yet: it is laid flat once, while it is still soft. */
  let isToBeLaidFlat = newCount === bodies.length && graph.bodies.every((body) => body.hint === null);
  if (newCount === 0) simulation.alpha(0);
  else if (newCount > bodies.length * SHARE_NEW_FOR_AFRESH) simulation.alpha(1);
  else {
    warm(
      bodies,
      hops(
        isNew.flatMap((yes, index) => (yes ? [index] : [])),
        neighbours,
      ),
      HEAT_OF_PLACED,
    );
    simulation.alpha(0.5);
  }

  function reheat(index: number, alpha: number): void {
    warm(bodies, hops([index], neighbours), HEAT_OF_DRAG);
    simulation.alpha(Math.max(simulation.alpha(), alpha));
  }

  function hold(index: number, x: number, y: number): void {
    const body = bodies[index];
    if (body === undefined) return;
    body.fx = x;
    body.fy = y;
    body.x = x;
    body.y = y;
  }

  return {
    ids: bodies.map((body) => body.id),
    isSettled: () => simulation.alpha() < ALPHA_MIN && simulation.alphaTarget() === 0,
    tick(steps) {
      for (let i = 0; i < steps && !this.isSettled(); i++) {
        simulation.tick();
        if (!isToBeLaidFlat || simulation.alpha() > ALPHA_SOFT) continue;
        layFlat(bodies);
        isToBeLaidFlat = false;
      }
    },
    positions() {
      const positions = new Float32Array(bodies.length * 2);
      for (const [index, body] of bodies.entries()) positions.set([body.x, body.y], index * 2);
      return positions;
    },
    drag(index, x, y) {
      hold(index, x, y);
      if (simulation.alphaTarget() === 0) reheat(index, ALPHA_DRAG);
      simulation.alphaTarget(ALPHA_DRAG);
    },
    drop(index) {
      const body = bodies[index];
      if (body !== undefined) body.isPinned = true;
      simulation.alphaTarget(0);
    },
    pin(index, x, y) {
      const body = bodies[index];
      if (body === undefined) return;
      const moves = Math.hypot(body.x - x, body.y - y) > 0.5;
      body.isPinned = true;
      hold(index, x, y);
      if (moves) reheat(index, ALPHA_DRAG);
    },
    unpin(index) {
      const body = bodies[index];
      if (body === undefined || !body.isPinned) return;
      body.isPinned = false;
      body.fx = null;
      body.fy = null;
      reheat(index, ALPHA_DRAG);
    },
    charge(index, charge) {
      const body = bodies[index];
      const strength = charge ?? CHARGE_DEFAULT;
      if (body === undefined || body.charge === strength) return;
      body.charge = strength;
      // A charge is felt by all: nothing is held cold.
      for (const other of bodies) other.heat = 1;
      simulation.force('repulsion', repulsion()).alpha(Math.max(simulation.alpha(), ALPHA_DRAG));
    },
  };
}

/** Enough steps for any schedule of alpha above; more would be an error of ours. */
export const TICKS_MAX = 600;

function bodiesOf(from: readonly LayoutBody[], links: readonly LayoutLink[], random: () => number): Body[] {
  const places = seedPlaces(from, links, random);
  return from.map((body, index) => {
    const { x, y } = places[index] ?? { x: 0, y: 0 };
    const isPinned = body.place?.pinned ?? false;
    return {
      id: body.id,
      groups: body.groups,
      radius: RADII[body.kind],
      charge: body.place?.charge ?? CHARGE_DEFAULT,
      x,
      y,
      vx: 0,
      vy: 0,
      heat: 1,
      isPinned,
      ...(isPinned ? { fx: x, fy: y } : {}),
    };
  });
}

function linkForce(links: readonly LayoutLink[], bodies: readonly Body[]) {
  const groupsOf = (index: number): readonly string[] => bodies[index]?.groups ?? [];
  const between = links
    .filter(({ source, target }) => source !== target)
    .map(({ source, target }) => ({
      source,
      target,
      isInside: groupsOf(source).some((id) => groupsOf(target).includes(id)),
    }));
  return forceLink<Body, (typeof between)[number] & { source: number | Body; target: number | Body }>(between).distance(
    (link) => (link.isInside ? LINK_LENGTH * 0.6 : LINK_LENGTH),
  );
}

function adjacency(count: number, links: readonly LayoutLink[]): readonly number[][] {
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const { source, target } of links) {
    neighbours[source]?.push(target);
    neighbours[target]?.push(source);
  }
  return neighbours;
}

function hops(from: readonly number[], neighbours: readonly number[][]): readonly number[] {
  const found = neighbours.map(() => Number.POSITIVE_INFINITY);
  let front = from;
  for (const index of front) found[index] = 0;
  for (let hop = 1; front.length > 0; hop++) {
    const next = [...new Set(front.flatMap((index) => neighbours[index] ?? []))].filter(
      (index) => found[index] === Number.POSITIVE_INFINITY,
    );
    for (const index of next) found[index] = hop;
    front = next;
  }
  return found;
}

function warm(bodies: readonly Body[], hop: readonly number[], heats: readonly number[]): void {
  for (const [index, body] of bodies.entries()) {
    body.heat = heats[Math.min(hop[index] ?? Number.POSITIVE_INFINITY, heats.length - 1)] ?? 0;
  }
}
