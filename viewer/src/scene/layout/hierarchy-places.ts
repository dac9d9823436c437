import type { LayoutBody, LayoutLink } from '../messages.ts';
import { createBodies } from './bodies.ts';
import { createLinkSprings } from './link-springs.ts';
import { createManyBody } from './many-body.ts';
import { createGravity, createSimulation } from './simulation.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where a map begins that has no places yet: machines (and what belongs to none) are laid out by themselves first, as few
 * large bodies; their servers stand around each one's middle, and their nodes around those. The forces then have the large
 * shape already and need only settle the small one.
 */
export function hierarchyPlaces(
  bodies: readonly LayoutBody[],
  links: readonly LayoutLink[],
  random: () => number,
): readonly Point[] {
  const unitIds = bodies.map((body) => body.groups[0] ?? body.id);
  const units = [...new Set(unitIds)].sort();
  const numbers = new Map(units.map((id, index) => [id, index]));
  const unitOf = unitIds.map((id) => numbers.get(id) ?? 0);
  const members = membersOf(unitOf, units.length);
  const middles = unitMiddles(members, unitOf, links, random);
  const places: Point[] = bodies.map(() => ({ x: 0, y: 0 }));
  for (const [unit, of] of members.entries()) arrange(of, middles[unit] ?? { x: 0, y: 0 }, bodies, places);
  return places;
}

/** Between nodes of one unit, scene units. */
const SPACING = 120;
const UNIT_AIR = 120;
const UNIT_CHARGE = -3_000;
const UNIT_TICKS = 200;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

function membersOf(unitOf: readonly number[], count: number): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: count }, () => []);
  for (const [index, unit] of unitOf.entries()) members[unit]?.push(index);
  return members;
}

/** Of a disc that holds so many nodes. */
const radiusFor = (count: number): number => (SPACING * Math.sqrt(count)) / 2;

function unitMiddles(
  members: readonly (readonly number[])[],
  unitOf: readonly number[],
  links: readonly LayoutLink[],
  random: () => number,
): readonly Point[] {
  const count = members.length;
  if (count < 2) return members.map(() => ({ x: 0, y: 0 }));
  const units = createBodies(count);
  const largest = radiusFor(Math.max(...members.map((of) => of.length)));
  for (const [unit, of] of members.entries()) {
    const at = spiral(unit, largest + UNIT_AIR);
    units.x[unit] = at.x;
    units.y[unit] = at.y;
    units.radius[unit] = radiusFor(of.length);
    units.charge[unit] = UNIT_CHARGE * (1 + of.length);
  }
  const springs = new Map<string, { source: number; target: number; length: number }>();
  for (const link of links) {
    const [source, target] = [unitOf[link.source] ?? 0, unitOf[link.target] ?? 0];
    if (source === target) continue;
    const length = (units.radius[source] ?? 0) + (units.radius[target] ?? 0) + UNIT_AIR;
    springs.set(source < target ? `${source} ${target}` : `${target} ${source}`, { source, target, length });
  }
  const simulation = createSimulation(units, { alphaMin: 0.004, ticks: UNIT_TICKS });
  simulation.forces = [
    createLinkSprings(count, [...springs.values()], random),
    createManyBody(count, { theta: 0.9, reach: Number.POSITIVE_INFINITY, random }),
    createGravity(0.02, 0.035),
  ];
  while (!simulation.isSettled()) simulation.tick();
  return members.map((_, unit) => ({ x: units.x[unit] ?? 0, y: units.y[unit] ?? 0 }));
}

/** Nodes of one unit around its middle, those of one server together. */
function arrange(of: readonly number[], middle: Point, bodies: readonly LayoutBody[], places: Point[]): void {
  const servers = new Map<string, number[]>();
  for (const index of of) {
    const server = bodies[index]?.groups.at(-1) ?? '';
    servers.set(server, [...(servers.get(server) ?? []), index]);
  }
  let before = 0;
  for (const nodes of servers.values()) {
    const at = spiral(before + (nodes.length - 1) / 2, SPACING / 2);
    const server = { x: middle.x + at.x, y: middle.y + at.y };
    for (const [step, index] of nodes.entries()) {
      const aside = spiral(step, SPACING / 2);
      places[index] = { x: server.x + aside.x, y: server.y + aside.y };
    }
    before += nodes.length;
  }
}

/** The `index`th seed of a sunflower: even over a disc. The first stands off the middle, so that nothing lies on it. */
function spiral(index: number, step: number): Point {
  const reach = step * Math.sqrt(index + 0.5);
  return { x: reach * Math.cos(index * GOLDEN), y: reach * Math.sin(index * GOLDEN) };
}
