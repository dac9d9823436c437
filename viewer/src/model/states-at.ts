import type { Node, NodeState } from '@soa-monitor/protocol';
import { worst } from './state-rank.ts';

/**
 * The state each node shows at a moment: an endpoint is at least as bad as its server; a server and a machine show their
 * worst child. Clients and the outside world have none.
 */
export function statesAt(
  nodes: ReadonlyMap<string, Node>,
  own: (node: string) => NodeState | null,
): (node: Node) => NodeState | null {
  const children = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    if (node.parent === null) continue;
    const of = children.get(node.parent) ?? [];
    of.push(node);
    children.set(node.parent, of);
  }

  function worstBelow(node: Node): NodeState | null {
    const below = (children.get(node.id) ?? []).filter((child) => child.kind !== 'client');
    return worst([own(node.id), ...below.map(worstBelow)]);
  }

  return (node) => {
    if (node.kind === 'client' || node.kind === 'outside') return null;
    const above = node.kind === 'endpoint' && node.parent !== null ? own(node.parent) : null;
    const found = worst([above, worstBelow(node)]);
    return found ?? { state: 'unknown', since: node.firstSeen, reason: 'It has not been pinged yet.' };
  };
}
