import type { Node, Place } from '@soa-monitor/protocol';
import { isolated } from '../format/isolated.ts';
import type { LevelGraph } from '../model/levels.ts';
import { operationWords } from '../model/split-links.ts';
import type { Graph, LayoutBody, LayoutLink } from '../scene/messages.ts';
import type { LinkNumbers } from './flight-batch.ts';

type Nodes = ReadonlyMap<string, Node>;

/** The level's graph as the drawing worker takes it. */
export function graphMessage(level: LevelGraph, nodes: Nodes, numbers: LinkNumbers, revision: number): Graph {
  const indexOf = new Map(level.nodes.map((node, index) => [node.id, index]));
  const indexes = (ids: readonly string[]): readonly number[] => ids.flatMap((id) => indexOf.get(id) ?? []);
  const hullsOf = groupsByMember(level);
  const linkOf = new Int32Array(numbers.all().size).fill(-1);
  for (const [link, number] of numbers.all()) linkOf[number] = level.linkOf.get(link) ?? -1;
  return {
    revision,
    nodes: level.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      name: mapName(node),
      belongsTo: belongsTo(node, nodes),
      hulls: hullsOf.get(node.id) ?? [],
    })),
    links: level.links.map(({ id, source, target, operations, rank }) => ({
      id,
      ...(operations === undefined ? {} : { name: operationWords(operations) }),
      ...(rank === undefined ? {} : { rank }),
      source: indexOf.get(source) ?? -1,
      target: indexOf.get(target) ?? -1,
    })),
    hulls: level.groups.flatMap(({ node, members }) =>
      node.kind === 'machine' || node.kind === 'server'
        ? { id: node.id, kind: node.kind, name: node.name, members: indexes(members) }
        : [],
    ),
    linkOf,
  };
}

/** The same graph as the layout worker takes it: with kept places, and hints for nodes that have none. */
export function layoutMessage(
  level: LevelGraph,
  nodes: Nodes,
  placeOf: (node: string) => Place | undefined,
): { bodies: readonly LayoutBody[]; links: readonly LayoutLink[] } {
  const indexOf = new Map(level.nodes.map((node, index) => [node.id, index]));
  const groupsOf = groupsByMember(level);
  const children = new Map<string, string[]>();
  for (const { id, parent } of nodes.values()) {
    if (parent === null) continue;
    const of = children.get(parent);
    if (of === undefined) children.set(parent, [id]);
    else of.push(id);
  }
  return {
    bodies: level.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      groups: (groupsOf.get(node.id) ?? []).flatMap((index) => level.groups[index]?.node.id ?? []),
      place: placeOf(node.id) ?? null,
      hint: hintFor(node, nodes, children, placeOf),
    })),
    // What is split by operation pulls as one: going to that level and back moves nothing.
    links: level.links
      .filter(({ rank = 0 }) => rank === 0)
      .map(({ source, target }) => ({
        source: indexOf.get(source) ?? -1,
        target: indexOf.get(target) ?? -1,
      })),
  };
}

/** Indexes of the groups that contain each node, outermost first. */
function groupsByMember(level: LevelGraph): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [index, group] of level.groups.entries()) {
    for (const member of group.members) {
      const of = found.get(member);
      if (of === undefined) found.set(member, [index]);
      else of.push(index);
    }
  }
  return found;
}

/** What stands on the map: a path, a name; for the outside world the address too, if the name does not say it. */
export function mapName(node: Node): string {
  if (node.kind !== 'outside' || node.address === null || node.name.includes(node.address)) return node.name;
  return node.name.startsWith('/') ? `${node.address}${node.name}` : node.address;
}

/** "bank · /bank": a name with what it belongs to, for lists. */
export function listLabel(node: Node, nodes: Nodes): string {
  const above = node.kind === 'endpoint' && node.parent !== null ? nodes.get(node.parent) : undefined;
  return above === undefined ? isolated(mapName(node)) : `${isolated(above.name)} · ${isolated(node.name)}`;
}

function belongsTo(node: Node, nodes: Nodes): string {
  const names: string[] = [];
  for (let up = parentOf(node, nodes); up !== undefined; up = parentOf(up, nodes)) {
    names.push(up.kind === 'machine' ? `on ${up.name}` : up.name);
  }
  return names.join(' ');
}

const parentOf = (node: Node, nodes: Nodes): Node | undefined =>
  node.parent === null ? undefined : nodes.get(node.parent);

/** Where it would be at another level: the middle of its children, else its parent's place. */
function hintFor(
  node: Node,
  nodes: Nodes,
  children: ReadonlyMap<string, readonly string[]>,
  placeOf: (node: string) => Place | undefined,
): { x: number; y: number } | null {
  const below = (children.get(node.id) ?? []).flatMap((id) => placeOf(id) ?? hintBelow(id, children, placeOf));
  if (below.length > 0) return middleOf(below);
  const above = parentOf(node, nodes);
  // A client belongs to its machine in name only: it stands by what it calls.
  return node.kind === 'client' || above === undefined ? null : (placeOf(above.id) ?? null);
}

const hintBelow = (
  id: string,
  children: ReadonlyMap<string, readonly string[]>,
  placeOf: (node: string) => Place | undefined,
): readonly { x: number; y: number }[] => (children.get(id) ?? []).flatMap((child) => placeOf(child) ?? []);

const middleOf = (points: readonly { x: number; y: number }[]): { x: number; y: number } => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});
