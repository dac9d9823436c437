import type { Graph } from './messages.ts';

/** Letters of a name that are lettered on the map: a name may be a megabyte, and is whole in the panel and the table. */
export const NAME_MAX = 64;

export function withShortNames(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, name: short(node.name), belongsTo: short(node.belongsTo) })),
    links: graph.links.map((link) => (link.name === undefined ? link : { ...link, name: short(link.name) })),
    hulls: graph.hulls.map((hull) => ({ ...hull, name: short(hull.name) })),
  };
}

/** Cut between whole characters. */
const short = (name: string): string =>
  name.length <= NAME_MAX ? name : `${Array.from(name.slice(0, NAME_MAX)).slice(0, -1).join('')}…`;
