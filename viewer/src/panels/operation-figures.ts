import type { LinkFigures, Topology } from '@soa-monitor/protocol';
import type { LinkView } from '../session/session.ts';

/**
 * The operations of one link of the map, from the topology at level `operation`, which tells them between endpoints: at the
 * map's coarser levels a link holds the operations of everything below its two ends, and where links are split by operation
 * its own alone. The busiest first.
 */
export function operationsOf(
  link: Pick<LinkView, 'source' | 'target' | 'operations'>,
  { nodes, links }: Topology,
  level: string,
): readonly LinkFigures[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parent]));
  const isUnder = (id: string, ancestor: string): boolean => {
    let at: string | null = id;
    for (let height = 0; at !== null && height < HEIGHT_MAX; height += 1) {
      if (at === ancestor) return true;
      if (level === 'endpoint' || level === 'operation') return false;
      at = parents.get(at) ?? null;
    }
    return false;
  };
  return links
    .filter((each) => isUnder(each.source, link.source) && isUnder(each.target, link.target))
    .filter((each) => link.operations?.includes(each.operation ?? '') ?? true)
    .sort((one, other) => other.count - one.count);
}

const HEIGHT_MAX = 4;
