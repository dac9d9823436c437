import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayoutBody } from '../messages.ts';
import { byMachine, layered } from './arrangements.ts';

const body = (id: string, groups: readonly string[] = []): LayoutBody => ({
  id,
  kind: 'endpoint',
  groups,
  place: null,
  hint: null,
});

const graphs = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.record({
    bodies: fc.constant(
      Array.from({ length: count }, (_, index) => body(`n${index}`, [`m${index % 3}`, `s${index % 5}`])),
    ),
    links: fc.array(fc.record({ source: fc.nat(count - 1), target: fc.nat(count - 1) }), { maxLength: 80 }),
  }),
);

function apart(places: Float32Array): void {
  const seen = new Set<string>();
  for (let i = 0; i < places.length; i += 2) seen.add(`${places[i]} ${places[i + 1]}`);
  expect(seen.size).toBe(places.length / 2);
}

describe('the layered arrangement', () => {
  it('puts callers to the left of what they call', () => {
    const links = [
      { source: 2, target: 0 },
      { source: 0, target: 1 },
      { source: 2, target: 1 },
    ];
    const places = layered({ bodies: ['a', 'b', 'c'].map((id) => body(id)), links });
    expect(places[4]).toBeLessThan(places[0] ?? 0);
    expect(places[0]).toBeLessThan(places[2] ?? 0);
  });
  it('places everybody apart, also in circles of calls', () => {
    fc.assert(
      fc.property(graphs, (graph) => apart(layered(graph))),
      { seed: 7 },
    );
  });
});

describe('the arrangement by machine', () => {
  it('places everybody apart', () => {
    fc.assert(
      fc.property(graphs, (graph) => apart(byMachine(graph))),
      { seed: 7 },
    );
  });
  it('keeps the blocks of machines from touching', () => {
    const bodies = Array.from({ length: 60 }, (_, index) => body(`n${index}`, [`m${index % 4}`]));
    const places = byMachine({ bodies, links: [] });
    const boxOf = (machine: number) => {
      const own = bodies.flatMap((one, index) => (one.groups[0] === `m${machine}` ? [index] : []));
      const xs = own.map((index) => places[index * 2] ?? 0);
      const ys = own.map((index) => places[index * 2 + 1] ?? 0);
      return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
    };
    for (const a of [0, 1, 2, 3]) {
      for (const b of [0, 1, 2, 3].slice(0, a)) {
        const [one, other] = [boxOf(a), boxOf(b)];
        const isApart =
          one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;
        expect(isApart).toBe(true);
      }
    }
  });
});
