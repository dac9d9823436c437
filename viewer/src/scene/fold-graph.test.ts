import { describe, expect, it } from 'vitest';
import { foldGraph, foldReadings } from './fold-graph.ts';
import type { Graph, LinkReading, NodeReading, Readings } from './messages.ts';

const node = (id: string, kind: Graph['nodes'][number]['kind'], hulls: readonly number[]): Graph['nodes'][number] => ({
  id,
  kind,
  name: id,
  belongsTo: '',
  hulls,
});

/** Machine M with servers S (a, b) and T (c), machine N with server U (d), and a client that belongs to nobody. */
const GRAPH: Graph = {
  revision: 4,
  nodes: [
    node('a', 'endpoint', [0, 2]),
    node('b', 'endpoint', [0, 2]),
    node('c', 'endpoint', [0, 3]),
    node('d', 'endpoint', [1, 4]),
    node('shop', 'client', []),
  ],
  links: [
    { id: 'shop-a', source: 4, target: 0 },
    { id: 'shop-b', source: 4, target: 1 },
    { id: 'a-d', source: 0, target: 3 },
    { id: 'b-c', source: 1, target: 2 },
  ],
  hulls: [
    { id: 'M', kind: 'machine', name: 'M', members: [0, 1, 2] },
    { id: 'N', kind: 'machine', name: 'N', members: [3] },
    { id: 'S', kind: 'server', name: 'S', members: [0, 1] },
    { id: 'T', kind: 'server', name: 'T', members: [2] },
    { id: 'U', kind: 'server', name: 'U', members: [3] },
  ],
  linkOf: Int32Array.of(0, 1, -1, 2, 3),
};

const reading = (state: string | null, perSecond: number): NodeReading => ({
  state,
  perSecond,
  inFlight: 1,
  absent: false,
  pinned: true,
});

const link = (perSecond: number, faultShare: number | null, broken = false): LinkReading => ({
  perSecond,
  p95Micros: 5,
  faultShare,
  inFlight: 2,
  broken,
  absent: false,
});

const READINGS: Readings = {
  revision: 4,
  nodes: [reading('up', 1), reading('down', 2), reading('up', 4), reading('up', 8), reading(null, 3)],
  links: [link(1, 0), link(3, 0.4), link(2, null), link(5, 0, true)],
  hulls: [null, null, null, null, null],
};

describe('a folded map', () => {
  it('shows a mark for each server, and what belongs to none as itself', () => {
    const { graph, members } = foldGraph(GRAPH, 'server');
    expect(graph.nodes.map(({ id, kind }) => [id, kind])).toEqual([
      ['S', 'server'],
      ['T', 'server'],
      ['U', 'server'],
      ['shop', 'client'],
    ]);
    expect(members).toEqual([[0, 1], [2], [3], [4]]);
  });
  it('keeps machines as hulls around their servers', () => {
    const { graph } = foldGraph(GRAPH, 'server');
    expect(graph.hulls[0]?.members).toEqual([0, 1]);
    expect(graph.nodes[0]?.hulls).toEqual([0]);
  });
  it('sums up links between the same marks, and leads every message to the link that sums up its own', () => {
    const { graph, sums } = foldGraph(GRAPH, 'machine');
    expect(graph.links.map(({ source, target }) => [source, target])).toEqual([
      [2, 0],
      [0, 1],
      [0, 0],
    ]);
    expect([...sums]).toEqual([0, 0, 1, 2]);
    expect([...graph.linkOf]).toEqual([0, 0, -1, 1, 2]);
  });
  it('lets nothing be lost of the rates, and the worst state be seen', () => {
    const folded = foldGraph(GRAPH, 'machine');
    const readings = foldReadings(GRAPH, folded, READINGS);
    expect(readings.nodes.map(({ state, perSecond }) => [state, perSecond])).toEqual([
      ['down', 7],
      ['up', 8],
      [null, 3],
    ]);
    const total = (of: Readings) => of.links.reduce((sum, { perSecond }) => sum + perSecond, 0);
    expect(total(readings)).toBe(total(READINGS));
    expect(readings.links[2]?.broken).toBe(true);
  });
  it('tells the share of faults of a sum, and no p95 that nobody can know', () => {
    const readings = foldReadings(GRAPH, foldGraph(GRAPH, 'machine'), READINGS);
    expect(readings.links[0]?.faultShare).toBeCloseTo(0.3);
    expect(readings.links[0]?.p95Micros).toBeNull();
    expect(readings.links[1]?.faultShare).toBeNull();
  });
});
