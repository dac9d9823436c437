import { describe, expect, it } from 'vitest';
import { litBy, litByHover } from './light.ts';
import type { Graph } from './messages.ts';

/** a → b → c → d, and e beside. */
const GRAPH: Graph = {
  revision: 1,
  nodes: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, kind: 'endpoint', name: id, belongsTo: '', hulls: [] })),
  links: [
    { id: 'ab', source: 0, target: 1 },
    { id: 'bc', source: 1, target: 2 },
    { id: 'cd', source: 2, target: 3 },
    { id: 'ac', source: 0, target: 2 },
  ],
  hulls: [],
  linkOf: new Int32Array(),
};

const sorted = (of: ReadonlySet<string> | undefined) => [...(of ?? [])].sort();

describe('the light on a map', () => {
  it('falls on a neighbourhood of so many hops, either way', () => {
    const one = litBy(GRAPH, { kind: 'hops', from: 'b', hops: 1 });
    expect(sorted(one?.nodes)).toEqual(['a', 'b', 'c']);
    expect(sorted(one?.links)).toEqual(['ab', 'ac', 'bc']);
    expect(sorted(litBy(GRAPH, { kind: 'hops', from: 'b', hops: 2 })?.nodes)).toEqual(['a', 'b', 'c', 'd']);
    expect(sorted(litBy(GRAPH, { kind: 'hops', from: 'e', hops: 3 })?.nodes)).toEqual(['e']);
  });
  it('falls on the shortest way of calls, also when it leads the other way', () => {
    const there = litBy(GRAPH, { kind: 'path', from: 'a', to: 'd' });
    expect(sorted(there?.links)).toEqual(['ac', 'cd']);
    expect(litBy(GRAPH, { kind: 'path', from: 'd', to: 'a' })).toEqual(there);
  });
  it('falls on nothing where there is no way or no such node', () => {
    expect(litBy(GRAPH, { kind: 'path', from: 'a', to: 'e' })).toBeNull();
    expect(litBy(GRAPH, { kind: 'path', from: 'a', to: 'nobody' })).toBeNull();
    expect(litBy(GRAPH, { kind: 'hops', from: 'nobody', hops: 1 })).toBeNull();
  });
  it('falls on what belongs to the thing under the pointer', () => {
    expect(sorted(litByHover(GRAPH, { kind: 'node', id: 'b' })?.links)).toEqual(['ab', 'bc']);
    expect(sorted(litByHover(GRAPH, { kind: 'link', id: 'cd' })?.nodes)).toEqual(['c', 'd']);
    expect(litByHover(GRAPH, null)).toBeNull();
    expect(litByHover(GRAPH, { kind: 'exchange', id: 'x' })).toBeNull();
  });
});
