import { type Level, type Link, linkId, type Node } from '@soa-monitor/protocol';

/** The estate seen at one level: which nodes stand on the map, and which links of endpoint level each link sums up. */
export interface LevelGraph {
  readonly level: Level;
  readonly nodes: readonly Node[];
  readonly links: readonly LevelLink[];
  /** Link of endpoint level → index in `links`. */
  readonly linkOf: ReadonlyMap<string, number>;
  /** Any node of the register → the node that stands for it, itself included. Absent: none does. */
  readonly standsFor: ReadonlyMap<string, string>;
  /** What contains nodes but does not stand on the map itself, outermost first. */
  readonly groups: readonly LevelGroup[];
}

export interface LevelLink {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly members: readonly string[];
  /** At operation level: the operations whose calls it is; absent: all of the link's. */
  readonly operations?: readonly string[];
  /** Of the links between the same two nodes, the how manieth. */
  readonly rank?: number;
}

/** A machine or server, drawn as a hull around its nodes. */
export interface LevelGroup {
  readonly node: Node;
  readonly members: readonly string[];
}

export interface Estate {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly links: ReadonlyMap<string, Link>;
}

/**
 * Endpoint level (and operation level, which has no nodes of its own: `splitLinks` makes it of this one): endpoints, clients, outside; a server stands there
 * too if it makes calls by itself or has no endpoint yet. Server level: servers, clients, outside. Machine level: machines
 * and outside; a client stands for itself unless its machine has servers.
 */
export function levelGraph(estate: Estate, level: Level): LevelGraph {
  const standsFor = new Map<string, string>();
  const standing = standingAt(estate, level);
  for (const node of estate.nodes.values()) {
    const stand = standing(node);
    if (stand !== null) standsFor.set(node.id, stand);
  }
  const nodes = [...estate.nodes.values()].filter((node) => standsFor.get(node.id) === node.id).sort(byId);
  return { level, nodes, standsFor, groups: groupsOf(estate, nodes), ...linksOf(estate.links, standsFor) };
}

type Standing = (node: Node) => string | null;

function standingAt(estate: Estate, level: Level): Standing {
  const parentOf = (node: Node): Node | undefined => (node.parent === null ? undefined : estate.nodes.get(node.parent));
  if (level === 'server') {
    return (node) => {
      if (node.kind === 'machine') return null;
      return node.kind === 'endpoint' ? (parentOf(node)?.id ?? node.id) : node.id;
    };
  }
  if (level === 'machine') {
    const withServers = new Set<string | null>();
    for (const node of estate.nodes.values()) if (node.kind === 'server') withServers.add(node.parent);
    return (node) => {
      if (node.kind === 'machine') return withServers.has(node.id) ? node.id : null;
      if (node.kind === 'outside') return node.id;
      if (node.kind === 'client') return withServers.has(node.parent) ? (parentOf(node)?.id ?? node.id) : node.id;
      const server = node.kind === 'endpoint' ? parentOf(node) : node;
      return (server === undefined ? undefined : parentOf(server))?.id ?? server?.id ?? node.id;
    };
  }
  const ends = new Set<string>();
  for (const link of estate.links.values()) ends.add(link.source).add(link.target);
  const withEndpoints = new Set<string | null>();
  for (const node of estate.nodes.values()) if (node.kind === 'endpoint') withEndpoints.add(node.parent);
  return (node) => {
    if (node.kind === 'machine') return null;
    if (node.kind === 'server') return ends.has(node.id) || !withEndpoints.has(node.id) ? node.id : null;
    return node.id;
  };
}

function linksOf(
  links: ReadonlyMap<string, Link>,
  standsFor: ReadonlyMap<string, string>,
): { links: readonly LevelLink[]; linkOf: ReadonlyMap<string, number> } {
  const found: { id: string; source: string; target: string; members: string[] }[] = [];
  const indexes = new Map<string, number>();
  const linkOf = new Map<string, number>();
  for (const link of [...links.values()].sort(byId)) {
    const source = standsFor.get(link.source);
    const target = standsFor.get(link.target);
    // A node that was not told of yet: its link is drawn when it is.
    if (source === undefined || target === undefined) continue;
    const id = linkId(source, target);
    const index = indexes.get(id) ?? found.length;
    const known = found[index];
    if (known === undefined) {
      indexes.set(id, index);
      found.push({ id, source, target, members: [link.id] });
    } else known.members.push(link.id);
    linkOf.set(link.id, index);
  }
  return { links: found, linkOf };
}

/** Servers and machines around the nodes that they contain, machines first. */
function groupsOf(estate: Estate, nodes: readonly Node[]): readonly LevelGroup[] {
  const members = new Map<string, string[]>();
  const standing = new Set(nodes.map((node) => node.id));
  for (const node of nodes) {
    for (let up = parentIn(estate, node); up !== undefined; up = parentIn(estate, up)) {
      const of = members.get(up.id) ?? [];
      of.push(node.id);
      // A server that stands on the map itself is inside its own hull.
      if (of.length === 1 && standing.has(up.id)) of.push(up.id);
      members.set(up.id, of);
    }
  }
  const groups: LevelGroup[] = [];
  for (const kind of ['machine', 'server'] as const) {
    for (const [id, of] of members) {
      const node = estate.nodes.get(id);
      const hasServer = of.some((member) => estate.nodes.get(member)?.kind !== 'client');
      if (node?.kind === kind && hasServer) groups.push({ node, members: of });
    }
  }
  return groups;
}

const parentIn = (estate: Estate, node: Node): Node | undefined =>
  node.parent === null ? undefined : estate.nodes.get(node.parent);

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
