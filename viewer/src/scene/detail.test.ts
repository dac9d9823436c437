import { describe, expect, it } from 'vitest';
import { createDetail, LINKS_LEGIBLE, NODES_LEGIBLE } from './detail.ts';
import type { Graph } from './messages.ts';

const SIZE = { width: 1_440, height: 900 };
const PER_SERVER = 10;

/** Servers of ten endpoints each on a grid of a hundred units, two servers to a machine. */
function gridOf(servers: number): { graph: Graph; placeOf: (id: string) => { x: number; y: number } | undefined } {
  const count = servers * PER_SERVER;
  const serverOf = (index: number): number => Math.floor(index / PER_SERVER);
  const members = (from: number, length: number): number[] => Array.from({ length }, (_, step) => from + step);
  const machines = Math.ceil(servers / 2);
  const graph: Graph = {
    revision: 1,
    nodes: members(0, count).map((index) => ({
      id: `n${index}`,
      kind: 'endpoint',
      name: '',
      belongsTo: '',
      hulls: [Math.floor(serverOf(index) / 2), machines + serverOf(index)],
    })),
    links: members(1, count - 1).map((index) => ({ id: `l${index}`, source: index - 1, target: index })),
    hulls: [
      ...members(0, machines).map((at) => ({ id: `m${at}`, kind: 'machine' as const, name: '', members: [] })),
      ...members(0, servers).map((at) => ({ id: `s${at}`, kind: 'server' as const, name: '', members: [] })),
    ],
    linkOf: Int32Array.of(0),
  };
  const placeOf = (id: string) => {
    const index = Number(id.slice(1));
    return { x: (serverOf(index) % 40) * 100, y: Math.floor(serverOf(index) / 40) * 100 + (index % PER_SERVER) };
  };
  return { graph, placeOf };
}

describe('the detail of the map', () => {
  it('is all of it for an estate that can be read at once', () => {
    const { graph, placeOf } = gridOf(Math.floor(NODES_LEGIBLE / PER_SERVER));
    const detail = createDetail();
    detail.tell(graph);
    expect(detail.at({ x: 0, y: 0, zoom: 0.1 }, SIZE, placeOf).detail).toBe('all');
  });
  it('closes servers, then machines, the more there is in view', () => {
    const shownOf = (servers: number) => {
      const { graph, placeOf } = gridOf(servers);
      const detail = createDetail();
      detail.tell(graph);
      return detail.at({ x: 0, y: 0, zoom: 0.2 }, SIZE, placeOf);
    };
    expect(shownOf(200).detail).toBe('server');
    expect(shownOf(200).graph.nodes).toHaveLength(200);
    expect(shownOf(700).detail).toBe('machine');
    expect(shownOf(700).graph.nodes).toHaveLength(350);
  });
  it('opens what one goes near to', () => {
    const { graph, placeOf } = gridOf(200);
    const detail = createDetail();
    detail.tell(graph);
    expect(detail.at({ x: 0, y: 0, zoom: 0.2 }, SIZE, placeOf).detail).toBe('server');
    expect(detail.at({ x: 0, y: 0, zoom: 3 }, SIZE, placeOf).detail).toBe('all');
  });
  it('does not flicker at the limit', () => {
    const { graph, placeOf } = gridOf(200);
    const detail = createDetail();
    detail.tell(graph);
    const at = (zoom: number) => detail.at({ x: 0, y: 0, zoom }, SIZE, placeOf).detail;
    const zooms = Array.from({ length: 400 }, (_, step) => 0.1 + step * 0.01);
    const limit = zooms.find((zoom) => at(zoom) === 'all') ?? 0;
    expect(limit).toBeGreaterThan(0.1);
    expect(at(limit - 0.005)).toBe('all');
    expect(at(limit + 0.005)).toBe('all');
  });
  it('puts a closed mark into the middle of what it stands for, and knows where that is', () => {
    const { graph, placeOf } = gridOf(200);
    const detail = createDetail();
    detail.tell(graph);
    const shown = detail.at({ x: 0, y: 0, zoom: 0.2 }, SIZE, placeOf);
    expect(shown.placeOf('s3')).toEqual({ x: 300, y: 4.5 });
    expect(detail.within('s3', placeOf)).toHaveLength(PER_SERVER);
  });
  it('counts links too: few nodes with thousands of links are closed as well', () => {
    const { graph, placeOf } = gridOf(20);
    const links = Array.from({ length: LINKS_LEGIBLE * 2 }, (_, index) => ({
      id: `x${index}`,
      source: index % 200,
      target: (index * 7) % 200,
    }));
    const detail = createDetail();
    detail.tell({ ...graph, links });
    expect(detail.at({ x: 0, y: 0, zoom: 0.2 }, SIZE, placeOf).detail).not.toBe('all');
  });
});
