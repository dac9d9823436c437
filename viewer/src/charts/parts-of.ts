import type { Topology } from '@soa-monitor/protocol';
import type { Split } from './charts-search.ts';

/** One part of a split: which traffic it is, and what it is called. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly query: { readonly node?: string; readonly link?: string; readonly operation?: string };
  readonly count: number;
}

/** The parts of a split with the most traffic first, as many as `max`; and how many there are in all. */
export function partsOf(
  topology: Topology,
  split: Split,
  max: number,
): { readonly parts: readonly Part[]; readonly all: number } {
  const found = new Map<string, Part>();
  const names = namesOf(topology);
  const kinds = new Map(topology.nodes.map(({ id, kind }) => [id, kind]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const add = (part: Part): void => {
    const known = found.get(part.id);
    found.set(part.id, known === undefined ? part : { ...part, count: known.count + part.count });
  };
  for (const { id, source, target, operation, count } of topology.links) {
    const kind = kinds.get(source);
    if (split === 'link') add({ id, name: `${nameOf(source)} → ${nameOf(target)}`, query: { link: id }, count });
    else if (split === 'node') add({ id: target, name: nameOf(target), query: { node: target }, count });
    else if (split === 'client' && (kind === 'client' || kind === 'outside'))
      add({ id: source, name: nameOf(source), query: { node: source }, count });
    else if (split === 'operation' && operation !== null && operation !== '')
      add({ id: operation, name: operation, query: { operation }, count });
  }
  const parts = [...found.values()].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  return { parts: parts.slice(0, max), all: parts.length };
}

/** Nodes with what they belong to: two of one name are told apart. */
function namesOf({ nodes }: Topology): ReadonlyMap<string, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return new Map(
    nodes.map(({ id, kind, name, parent }) => {
      const above = parent === null ? undefined : byId.get(parent)?.name;
      return [id, above === undefined ? name : kind === 'endpoint' ? `${above} · ${name}` : `${name} (${above})`];
    }),
  );
}
