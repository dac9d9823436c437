import {
  type Force,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { type Bodies, type BodyForce, createBodies } from './bodies.ts';
import { createLinkSprings } from './link-springs.ts';
import { createManyBody } from './many-body.ts';
import { createRoom } from './room.ts';
import { createGravity, createSimulation } from './simulation.ts';

/** d3-force's own forces are the oracle: what they do to the same bodies. */
interface Datum extends SimulationNodeDatum {
  x: number;
  y: number;
  vx: number;
  vy: number;
  charge: number;
  radius: number;
}

function scattered(count: number, seed: number, extent = 2_000): Bodies {
  const random = seededRandom(seed);
  const bodies = createBodies(count);
  for (let i = 0; i < count; i++) {
    // In knots and alone, as a map has them.
    const knot = Math.floor(random() * 7) * 0.13 * extent;
    const spread = random() < 0.5 ? extent : extent / 20;
    bodies.x[i] = knot + (random() - 0.5) * spread;
    bodies.y[i] = knot / 2 + (random() - 0.5) * spread;
    bodies.vx[i] = random() - 0.5;
    bodies.vy[i] = random() - 0.5;
    bodies.charge[i] = -30 - random() * 330;
    bodies.radius[i] = 5 + random() * 30;
  }
  return bodies;
}

const datumsOf = (bodies: Bodies): Datum[] =>
  Array.from({ length: bodies.count }, (_, i) => ({
    index: i,
    x: bodies.x[i] ?? 0,
    y: bodies.y[i] ?? 0,
    vx: bodies.vx[i] ?? 0,
    vy: bodies.vy[i] ?? 0,
    charge: bodies.charge[i] ?? 0,
    radius: bodies.radius[i] ?? 0,
  }));

/** Velocities that each gives, ours and d3's. */
function velocities(bodies: Bodies, ours: BodyForce, theirs: Force<Datum, never>, alpha = 0.7) {
  const datums = datumsOf(bodies);
  theirs.initialize?.(datums, seededRandom(1));
  theirs(alpha);
  ours(bodies, alpha);
  return { ours: [...bodies.vx, ...bodies.vy], theirs: [...datums.map(({ vx }) => vx), ...datums.map(({ vy }) => vy)] };
}

function expectEqual(found: { readonly ours: readonly number[]; readonly theirs: readonly number[] }): void {
  const differences = found.theirs.map((theirs, index) => Math.abs(theirs - (found.ours[index] ?? Number.NaN)));
  // One assertion for all of them: thousands of calls of expect take longer than what they check.
  expect(differences.every((difference) => difference < 1e-6)).toBe(true);
}

/** Root mean square of the differences, relative to that of the force. */
function relativeError(ours: readonly number[], exact: readonly number[]): number {
  const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(square(ours.map((value, index) => value - (exact[index] ?? 0))) / square(exact));
}

const random = seededRandom(3);
const anyBodies = fc.record({ count: fc.integer({ min: 1, max: 300 }), seed: fc.integer({ min: 1, max: 9_999 }) });

describe('the many-body force', () => {
  it('is d3-force’s where nothing is taken together, also with a reach', () => {
    fc.assert(
      fc.property(anyBodies, fc.constantFrom(400, Number.POSITIVE_INFINITY), ({ count, seed }, reach) => {
        const theirs = forceManyBody<Datum>()
          .theta(0)
          .distanceMax(reach)
          .strength(({ charge }) => charge);
        const ours = createManyBody(count, { theta: 0, reach, random });
        expectEqual(velocities(scattered(count, seed), ours, theirs));
      }),
      { numRuns: 20, seed: 7 },
    );
  });
  it('is as near to the exact force as d3-force at the same theta', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), (seed) => {
        const count = 600;
        const bodies = () => scattered(count, seed, 6_000);
        const charges = ({ charge }: Datum): number => charge;
        const exact = velocities(
          bodies(),
          createManyBody(count, { theta: 0, reach: Number.POSITIVE_INFINITY, random }),
          forceManyBody<Datum>().theta(0).strength(charges),
        ).theirs;
        const { ours, theirs } = velocities(
          bodies(),
          createManyBody(count, { theta: 0.9, reach: Number.POSITIVE_INFINITY, random }),
          forceManyBody<Datum>().theta(0.9).strength(charges),
        );
        expect(relativeError(ours, exact)).toBeLessThan(Math.max(0.02, 1.25 * relativeError(theirs, exact)));
      }),
      { numRuns: 4, seed: 7 },
    );
  });
  it('parts bodies on one spot and leaves a lone one alone', () => {
    const two = createBodies(2);
    two.charge.fill(-100);
    createManyBody(2, { theta: 0.9, reach: 500, random })(two, 1);
    expect(Math.hypot(two.vx[0] ?? 0, two.vy[0] ?? 0)).toBeGreaterThan(0);
    const one = createBodies(1);
    one.charge.fill(-100);
    createManyBody(1, { theta: 0.9, reach: 500, random })(one, 1);
    expect([...one.vx, ...one.vy]).toEqual([0, 0]);
  });
  it('stays finite with thousands on one spot', () => {
    const crowd = createBodies(3_000);
    crowd.charge.fill(-100);
    createManyBody(3_000, { theta: 0.9, reach: 500, random })(crowd, 1);
    expect(crowd.vx.every(Number.isFinite)).toBe(true);
  });
});

describe('the springs of links', () => {
  it('are d3-force’s', () => {
    fc.assert(
      fc.property(anyBodies, ({ count, seed }) => {
        const any = seededRandom(seed);
        const springs = Array.from({ length: count * 2 }, () => ({
          source: Math.floor(any() * count),
          target: Math.floor(any() * count),
          length: 50 + any() * 200,
        })).filter(({ source, target }) => source !== target);
        const theirs = forceLink<Datum, { source: number; target: number; length: number }>(
          springs.map((spring) => ({ ...spring })),
        ).distance(({ length }) => length);
        const datums = datumsOf(scattered(count, seed));
        theirs.initialize(datums, any);
        theirs(0.4);
        const bodies = scattered(count, seed);
        createLinkSprings(count, springs, any)(bodies, 0.4);
        expectEqual({
          ours: [...bodies.vx, ...bodies.vy],
          theirs: [...datums.map(({ vx }) => vx), ...datums.map(({ vy }) => vy)],
        });
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

describe('the room around a body', () => {
  it('is d3-force’s for pairs that are far from any other', () => {
    const count = 60;
    const bodies = createBodies(count);
    const any = seededRandom(5);
    for (let i = 0; i < count; i++) {
      bodies.x[i] = (i >> 1) * 1_000 + any() * 20;
      bodies.y[i] = any() * 20;
      bodies.radius[i] = 5 + any() * 25;
    }
    const theirs = forceCollide<Datum>(({ radius }) => radius + 4).strength(0.8);
    expectEqual(velocities(bodies, createRoom(count, 4, 0.8), theirs));
  });
  it('leaves nobody overlapping in the end', () => {
    const count = 200;
    const bodies = scattered(count, 9, 1_100);
    const simulation = createSimulation(bodies, { alphaMin: 0.001, ticks: 300 });
    simulation.forces = [createRoom(count, 2, 0.8)];
    while (!simulation.isSettled()) simulation.tick();
    const overlap = (i: number, j: number): number =>
      (bodies.radius[i] ?? 0) +
      (bodies.radius[j] ?? 0) -
      Math.hypot((bodies.x[i] ?? 0) - (bodies.x[j] ?? 0), (bodies.y[i] ?? 0) - (bodies.y[j] ?? 0));
    const overlaps = Array.from({ length: count }, (_, i) => Array.from({ length: i }, (_, j) => overlap(i, j))).flat();
    expect(Math.max(...overlaps)).toBeLessThan(1);
  });
});

describe('the schedule', () => {
  it('is d3-force’s, tick by tick', () => {
    const count = 40;
    const bodies = scattered(count, 4);
    const datums = datumsOf(bodies);
    const theirs = forceSimulation(datums)
      .stop()
      .force('x', forceX<Datum>(0).strength(0.03))
      .force('y', forceY<Datum>(0).strength(0.05));
    const ours = createSimulation(bodies, { alphaMin: 0.001, ticks: 300 });
    ours.forces = [createGravity(0.03, 0.05)];
    for (let tick = 0; tick < 300; tick++) {
      theirs.tick();
      ours.tick();
      expect(ours.alpha).toBeCloseTo(theirs.alpha(), 9);
    }
    expectEqual({
      ours: [...bodies.x, ...bodies.y],
      theirs: [...datums.map(({ x }) => x), ...datums.map(({ y }) => y)],
    });
    expect(ours.isSettled()).toBe(theirs.alpha() < theirs.alphaMin());
  });
});
