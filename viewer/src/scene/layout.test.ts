import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLayout, type Layout, TICKS_MAX } from './layout.ts';
import type { LayoutBody, LayoutLink } from './messages.ts';
import { seededRandom } from './random.ts';

const SEED = 7;

interface Graph {
  readonly bodies: readonly LayoutBody[];
  readonly links: readonly LayoutLink[];
}

/** Servers of a few endpoints each, calling each other at random, and a client to each third. */
function estate(servers: number, seed: number): Graph {
  const random = seededRandom(seed);
  const bodies: LayoutBody[] = [];
  const links: LayoutLink[] = [];
  const body = (kind: LayoutBody['kind'], groups: readonly string[]): number =>
    bodies.push({ id: `${kind}${bodies.length}`, kind, groups, place: null, hint: null }) - 1;
  const endpoints: number[] = [];
  for (let server = 0; server < servers; server++) {
    for (let i = 0; i < 1 + random() * 3; i++) endpoints.push(body('endpoint', [`m${server % 3}`, `s${server}`]));
  }
  const any = (): number => endpoints[Math.floor(random() * endpoints.length)] ?? 0;
  for (const source of endpoints) if (random() < 0.7) links.push({ source, target: any() });
  for (let i = 0; i < servers; i += 3) links.push({ source: body('client', []), target: any() });
  return { bodies, links };
}

const settle = (graph: Graph): Layout => {
  const layout = createLayout(graph, { seed: SEED });
  layout.tick(TICKS_MAX);
  return layout;
};

function placed({ bodies, links }: Graph, positions: Float32Array): Graph {
  const at = (index: number) => ({ x: positions[index * 2] ?? 0, y: positions[index * 2 + 1] ?? 0, pinned: false });
  return { links, bodies: bodies.map((body, index) => ({ ...body, place: at(index) })) };
}

function distances(before: Float32Array, after: Float32Array, count: number): number[] {
  const moved = (i: number) =>
    Math.hypot((before[i * 2] ?? 0) - (after[i * 2] ?? 0), (before[i * 2 + 1] ?? 0) - (after[i * 2 + 1] ?? 0));
  return Array.from({ length: count }, (_, index) => moved(index));
}

function meanLinkLength(links: readonly LayoutLink[], positions: Float32Array): number {
  const lengths = links
    .filter(({ source, target }) => source !== target)
    .map(({ source, target }) =>
      Math.hypot(
        (positions[source * 2] ?? 0) - (positions[target * 2] ?? 0),
        (positions[source * 2 + 1] ?? 0) - (positions[target * 2 + 1] ?? 0),
      ),
    );
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

describe('the layout', () => {
  it('comes to rest', () => {
    expect(settle(estate(8, 1)).isSettled()).toBe(true);
  });
  it('stays within sight of itself, also when servers of one machine are far apart', () => {
    const positions = settle(estate(60, 5)).positions();
    expect(Math.max(...positions.map(Math.abs))).toBeLessThan(6_000);
  });
  it('gives the same places for the same estate', () => {
    expect(settle(estate(8, 1)).positions()).toEqual(settle(estate(8, 1)).positions());
  });
  it('keeps kept places as they are', () => {
    const graph = estate(8, 1);
    const kept = placed(graph, settle(graph).positions());
    const again = settle(kept);
    expect(again.isSettled()).toBe(true);
    expect(Math.max(...distances(settle(graph).positions(), again.positions(), graph.bodies.length))).toBeLessThan(
      0.01,
    );
  });
  it('moves the rest by less than a twentieth of a link when one node is added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 14 }), fc.integer({ min: 1, max: 999 }), (servers, seed) => {
        const graph = estate(servers, seed);
        const before = settle(graph).positions();
        const kept = placed(graph, before);
        const newcomer: LayoutBody = { id: 'new', kind: 'endpoint', groups: ['m0', 'new'], place: null, hint: null };
        const links = [0, 1, 2].map((source) => ({ source, target: graph.bodies.length }));
        const after = settle({ bodies: [...kept.bodies, newcomer], links: [...kept.links, ...links] }).positions();
        const moved = distances(before, after, graph.bodies.length);
        expect(Math.max(...moved)).toBeLessThan(0.05 * meanLinkLength(graph.links, before));
      }),
      { numRuns: 12, seed: 42 },
    );
  });
  it('gives a new node room of its own near what it talks to', () => {
    const graph = estate(6, 3);
    const kept = placed(graph, settle(graph).positions());
    const newcomer: LayoutBody = { id: 'new', kind: 'client', groups: [], place: null, hint: null };
    const link = { source: graph.bodies.length, target: 0 };
    const after = settle({ bodies: [...kept.bodies, newcomer], links: [...kept.links, link] }).positions();
    const away = (index: number) =>
      Math.hypot(
        (after[index * 2] ?? 0) - (after[graph.bodies.length * 2] ?? 0),
        (after[index * 2 + 1] ?? 0) - (after[graph.bodies.length * 2 + 1] ?? 0),
      );
    expect(away(0)).toBeLessThan(600);
    for (const index of graph.bodies.keys()) expect(away(index)).toBeGreaterThan(60);
  });
  it('parts nodes that would all begin at one point', () => {
    const bodies = [1, 2, 3, 4].map(
      (id): LayoutBody => ({ id: `${id}`, kind: 'server', groups: [], place: null, hint: { x: 0, y: 0 } }),
    );
    const after = settle({ bodies, links: [] }).positions();
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < a; b++) {
        const away = Math.hypot(
          (after[a * 2] ?? 0) - (after[b * 2] ?? 0),
          (after[a * 2 + 1] ?? 0) - (after[b * 2 + 1] ?? 0),
        );
        expect(away).toBeGreaterThan(80);
      }
    }
  });

  it('holds a pinned node where it was put, and gives it back to the forces', () => {
    const layout = settle(estate(6, 2));
    layout.pin(0, 900, -700);
    layout.tick(TICKS_MAX);
    expect([...layout.positions().slice(0, 2)]).toEqual([900, -700]);
    layout.unpin(0);
    layout.tick(TICKS_MAX);
    expect(Math.hypot((layout.positions()[0] ?? 0) - 900, (layout.positions()[1] ?? 0) + 700)).toBeGreaterThan(100);
  });
  it('does not rest while a node is dragged, and rests when it is dropped', () => {
    const layout = settle(estate(6, 2));
    layout.drag(0, 10, 20);
    layout.tick(50);
    expect(layout.isSettled()).toBe(false);
    layout.drop(0);
    layout.tick(TICKS_MAX);
    expect(layout.isSettled()).toBe(true);
    expect([...layout.positions().slice(0, 2)]).toEqual([10, 20]);
  });
  it('spreads around a node of a greater charge', () => {
    const graph = estate(6, 2);
    const layout = settle(graph);
    const nearest = () => {
      const all = layout.positions();
      return Math.min(
        ...graph.bodies
          .slice(1)
          .map((_, i) =>
            Math.hypot((all[(i + 1) * 2] ?? 0) - (all[0] ?? 0), (all[(i + 1) * 2 + 1] ?? 0) - (all[1] ?? 0)),
          ),
      );
    };
    const before = nearest();
    layout.charge(0, -12_000);
    layout.tick(TICKS_MAX);
    expect(nearest()).toBeGreaterThan(before * 1.1);
  });
});
