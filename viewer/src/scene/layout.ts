import { type Bodies, createBodies } from './layout/bodies.ts';
import { createContainment } from './layout/containment.ts';
import { FORCES_DEFAULT } from './layout/forces-default.ts';
import { layFlat } from './layout/lay-flat.ts';
import { createLinkSprings, type Spring } from './layout/link-springs.ts';
import { createManyBody } from './layout/many-body.ts';
import { hopsFrom, neighboursOf } from './layout/neighbours.ts';
import { createRoom } from './layout/room.ts';
import { createGravity, createSimulation } from './layout/simulation.ts';
import type { LayoutBody, LayoutForces, LayoutLink } from './messages.ts';
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
  /** Other forces for the whole map; it finds its new rest. */
  forces(forces: LayoutForces): void;
}

/** Scene units; beyond this, parts of the map do not push each other apart for ever. */
const REACH = 1_200;
const THETA = 0.9;
const AIR = 14;
const GRAVITY = { x: 0.035, y: 0.06 } as const;
const ALPHA_MIN = 0.004;
/** From hot to rest: the hierarchy gives the large shape, so half of d3-force's schedule is enough (stress: docs/performance.md). */
const TICKS = 120;
const ALPHA_NEW = 1;
const ALPHA_NEWCOMERS = 0.5;
const ALPHA_DRAG = 0.3;
const ALPHA_ALL = 0.5;
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
  settings: { readonly seed: number; readonly forces?: LayoutForces },
): Layout {
  const random = seededRandom(settings.seed);
  const count = graph.bodies.length;
  let shared = settings.forces ?? FORCES_DEFAULT;
  const bodies = bodiesOf(graph.bodies, graph.links, shared, random);
  const neighbours = neighboursOf(count, graph.links);
  const fresh = graph.bodies.flatMap((body, index) => (body.place === null ? [index] : []));
  const isPinned = graph.bodies.map((body) => body.place?.pinned ?? false);
  const ownCharges = graph.bodies.map((body) => body.place?.charge ?? null);
  const simulation = createSimulation(bodies, { alphaMin: ALPHA_MIN, ticks: TICKS });
  const steady = [
    createManyBody(count, { theta: THETA, reach: REACH, random }),
    createContainment(graph.bodies.map((body) => body.groups)),
  ];
  const room = createRoom(count, AIR, 0.8);
  setForces();

  /** A map that is all new has no up and down yet: it is laid flat once, while it is still soft. */
  let isToBeLaidFlat = fresh.length === count && graph.bodies.every((body) => body.hint === null);
  if (fresh.length === 0) simulation.alpha = 0;
  else if (fresh.length > count * SHARE_NEW_FOR_AFRESH) simulation.alpha = ALPHA_NEW;
  else {
    warm(bodies, hopsFrom(fresh, neighbours, HEAT_OF_PLACED.length), HEAT_OF_PLACED);
    simulation.alpha = ALPHA_NEWCOMERS;
  }

  function setForces(): void {
    const springs = springsOf(graph, shared.linkLength);
    const gravity = createGravity(GRAVITY.x * shared.gravity, GRAVITY.y * shared.gravity);
    simulation.forces = [createLinkSprings(count, springs, random), ...steady, gravity, room];
    for (const [index, own] of ownCharges.entries()) bodies.charge[index] = own ?? shared.charge;
  }

  function reheat(index: number, alpha: number): void {
    warm(bodies, hopsFrom([index], neighbours, HEAT_OF_DRAG.length), HEAT_OF_DRAG);
    simulation.alpha = Math.max(simulation.alpha, alpha);
  }

  /** What all feel: nothing is held cold. */
  function reheatAll(): void {
    bodies.heat.fill(1);
    simulation.alpha = Math.max(simulation.alpha, ALPHA_ALL);
  }

  function hold(index: number, x: number, y: number): void {
    bodies.fixed[index] = 1;
    bodies.x[index] = x;
    bodies.y[index] = y;
  }

  return {
    ids: graph.bodies.map((body) => body.id),
    isSettled: simulation.isSettled,
    tick(steps) {
      for (let i = 0; i < steps && !simulation.isSettled(); i++) {
        simulation.tick();
        if (!isToBeLaidFlat || simulation.alpha > ALPHA_SOFT) continue;
        layFlat(bodies);
        isToBeLaidFlat = false;
      }
    },
    positions() {
      const positions = new Float32Array(count * 2);
      for (let i = 0; i < count; i++) {
        positions[i * 2] = bodies.x[i] ?? 0;
        positions[i * 2 + 1] = bodies.y[i] ?? 0;
      }
      return positions;
    },
    drag(index, x, y) {
      if (index < 0 || index >= count) return;
      hold(index, x, y);
      if (simulation.alphaTarget === 0) reheat(index, ALPHA_DRAG);
      simulation.alphaTarget = ALPHA_DRAG;
    },
    drop(index) {
      if (index in isPinned) isPinned[index] = true;
      simulation.alphaTarget = 0;
    },
    pin(index, x, y) {
      if (index < 0 || index >= count) return;
      const moves = Math.hypot((bodies.x[index] ?? 0) - x, (bodies.y[index] ?? 0) - y) > 0.5;
      isPinned[index] = true;
      hold(index, x, y);
      if (moves) reheat(index, ALPHA_DRAG);
    },
    unpin(index) {
      if (isPinned[index] !== true) return;
      isPinned[index] = false;
      bodies.fixed[index] = 0;
      reheat(index, ALPHA_DRAG);
    },
    charge(index, charge) {
      if (!(index in ownCharges) || ownCharges[index] === charge) return;
      ownCharges[index] = charge;
      bodies.charge[index] = charge ?? shared.charge;
      reheatAll();
    },
    forces(next) {
      shared = next;
      setForces();
      reheatAll();
    },
  };
}

/** Enough steps for any schedule of alpha above; more would be an error of ours. */
export const TICKS_MAX = 600;

function bodiesOf(
  from: readonly LayoutBody[],
  links: readonly LayoutLink[],
  forces: LayoutForces,
  random: () => number,
): Bodies {
  const bodies = createBodies(from.length);
  for (const [index, { x, y }] of seedPlaces(from, links, random).entries()) {
    const body = from[index];
    bodies.x[index] = x;
    bodies.y[index] = y;
    bodies.radius[index] = RADII[body?.kind ?? 'endpoint'];
    bodies.charge[index] = body?.place?.charge ?? forces.charge;
    bodies.fixed[index] = body?.place?.pinned === true ? 1 : 0;
  }
  return bodies;
}

function springsOf(
  graph: { readonly bodies: readonly LayoutBody[]; readonly links: readonly LayoutLink[] },
  linkLength: number,
): readonly Spring[] {
  const groupsOf = (index: number): readonly string[] => graph.bodies[index]?.groups ?? [];
  return graph.links
    .filter(({ source, target }) => source !== target)
    .map(({ source, target }) => {
      const isInside = groupsOf(source).some((id) => groupsOf(target).includes(id));
      return { source, target, length: isInside ? linkLength * 0.6 : linkLength };
    });
}

function warm(bodies: Bodies, hops: Int32Array, heats: readonly number[]): void {
  const coldest = heats.at(-1) ?? 0;
  for (const [index, hop] of hops.entries()) bodies.heat[index] = hop < 0 ? coldest : (heats[hop] ?? coldest);
}
