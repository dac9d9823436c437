import type { ChangeMark } from '../scene/messages.ts';
import type { Changes } from '../session/changes.ts';
import type { ComparedRow } from './compared-rows.ts';

/** What of a comparison is marked on the map. A node is added (or gone) when all of its links are. */
export function changesOf(rows: readonly ComparedRow[]): Changes {
  const links = new Map<string, ChangeMark>();
  const ofNode = new Map<string, Set<ComparedRow['change']>>();
  for (const { link, source, target, change } of rows) {
    for (const node of [source, target]) ofNode.set(node, (ofNode.get(node) ?? new Set()).add(change));
    if (change !== 'added' && change !== 'gone' && change !== 'changed') continue;
    const known = links.get(link);
    // Of a link whose operations changed in different ways, it is told that it changed.
    links.set(link, known === undefined || known === change ? change : 'changed');
  }
  const nodes = new Map<string, ChangeMark>();
  for (const [node, changes] of ofNode) {
    const [only] = changes;
    if (changes.size === 1 && (only === 'added' || only === 'gone')) nodes.set(node, only);
  }
  return { nodes, links };
}
