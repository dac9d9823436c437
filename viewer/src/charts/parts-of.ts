import type { Topology } from '@soa-monitor/protocol';
import type { Split } from './charts-search.ts';

/** One part of a split, by the id of its link or node or the name of its operation, and what it is called. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly count: number;
}

/** The parts of a split, those with the most traffic first. */
export function partsOf(topology: Topology, split: Split): readonly Part[] {
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
    if (split === 'link') add({ id, name: `${nameOf(source)} → ${nameOf(target)}`, count });
    else if (split === 'node') add({ id: target, name: nameOf(target), count });
    else if (split === 'client' && (kind === 'client' || kind === 'outside'))
      add({ id: source, name: nameOf(source), count });
    else if (split === 'operation' && operation !== null && operation !== '')
      add({ id: operation, name: operation, count });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
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
