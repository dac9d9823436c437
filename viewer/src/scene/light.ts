import type { Graph, Light, Pick } from './messages.ts';

/** What stands in the light, by id; the rest is dim. */
export interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

/** What a light falls on. Null: there is no such node, or no way between the two. */
export function litBy(graph: Graph, light: Light): Lit | null {
  switch (light.kind) {
    case 'only':
      return { nodes: new Set(light.nodes), links: new Set(light.links) };
    case 'hops':
      return neighbourhood(graph, light.from, light.hops);
    case 'path':
      return path(graph, light.from, light.to);
  }
}

/** What belongs to the thing under the pointer: a node with its links and their other ends, a link with its ends. */
export function litByHover(graph: Graph, hover: Pick | null): Lit | null {
  if (hover?.kind === 'node') return neighbourhood(graph, hover.id, 1, true);
  if (hover?.kind !== 'link') return null;
  const link = graph.links.find((one) => one.id === hover.id);
  if (link === undefined) return null;
  return { nodes: idsOf(graph, [link.source, link.target]), links: new Set([link.id]) };
}

const idsOf = (graph: Graph, indexes: Iterable<number>): ReadonlySet<string> =>
  new Set([...indexes].flatMap((index) => graph.nodes[index]?.id ?? []));

/** Within so many hops either way; `ownLinksOnly`: of the first node's links alone. */
function neighbourhood(graph: Graph, from: string, hops: number, ownLinksOnly = false): Lit | null {
  const start = graph.nodes.findIndex((node) => node.id === from);
  if (start < 0) return null;
  const reached = new Set([start]);
  for (let hop = 0; hop < Math.min(hops, HOPS_MAX); hop++) {
    const before = new Set(reached);
    for (const { source, target } of graph.links) {
      if (before.has(source)) reached.add(target);
      if (before.has(target)) reached.add(source);
    }
    if (reached.size === before.size) break;
  }
  const links = graph.links.filter(({ source, target }) =>
    ownLinksOnly ? source === start || target === start : reached.has(source) && reached.has(target),
  );
  return { nodes: idsOf(graph, reached), links: new Set(links.map(({ id }) => id)) };
}

export const HOPS_MAX = 6;

/** The shortest way of calls from the one to the other; if there is none, the shortest way back. */
function path(graph: Graph, from: string, to: string): Lit | null {
  const [start, end] = [from, to].map((id) => graph.nodes.findIndex((node) => node.id === id));
  if (start === undefined || end === undefined || start < 0 || end < 0) return null;
  return way(graph, start, end) ?? way(graph, end, start);
}

function way(graph: Graph, start: number, end: number): Lit | null {
  const leaving = new Map<number, number[]>();
  for (const [index, { source }] of graph.links.entries()) {
    const of = leaving.get(source);
    if (of === undefined) leaving.set(source, [index]);
    else of.push(index);
  }
  /** Node → the link by which it was reached first; −1: it is where the way begins. */
  const by = new Map([[start, -1]]);
  for (let front = [start]; front.length > 0 && !by.has(end); ) {
    const next: number[] = [];
    for (const link of front.flatMap((node) => leaving.get(node) ?? [])) {
      const target = graph.links[link]?.target ?? -1;
      if (by.has(target)) continue;
      by.set(target, link);
      next.push(target);
    }
    front = next;
  }
  if (!by.has(end)) return null;
  const nodes = [end];
  const links: string[] = [];
  for (let link = graph.links[by.get(end) ?? -1]; link !== undefined; link = graph.links[by.get(link.source) ?? -1]) {
    links.push(link.id);
    nodes.push(link.source);
  }
  return { nodes: idsOf(graph, nodes), links: new Set(links) };
}
