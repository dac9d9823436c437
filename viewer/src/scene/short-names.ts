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

/** Code units of one letter; a longer one may be cut. */
const LETTER_MAX = 32;

/** Cut between what a reader takes for letters: a family of four is one. */
function short(name: string): string {
  if (name.length <= NAME_MAX) return name;
  const letters = [...new Intl.Segmenter().segment(name.slice(0, NAME_MAX + LETTER_MAX))];
  const cut = letters.findLast(({ index }) => index < NAME_MAX)?.index || NAME_MAX - 1;
  return `${name.slice(0, cut).toWellFormed()}…`;
}
