import type { NodeView } from '../session/session.ts';

/**
 * The nodes that a search finds, best first: every word must stand somewhere in name, kind, address or state; a name that
 * begins with the search comes before one that has it inside. At most `limit`.
 */
export function searchNodes(nodes: readonly NodeView[], search: string, limit: number): readonly NodeView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked = nodes.flatMap((view) => {
    const rank = rankOf(view, words);
    return rank === null ? [] : [{ view, rank }];
  });
  ranked.sort((one, other) => one.rank - other.rank || one.view.label.localeCompare(other.view.label));
  return ranked.slice(0, limit).map(({ view }) => view);
}

function rankOf(view: NodeView, words: readonly string[]): number | null {
  const name = view.node.name.toLowerCase();
  const label = view.label.toLowerCase();
  const text = [label, name, view.node.kind, view.node.address ?? '', view.state ?? ''].join(' ').toLowerCase();
  if (!words.every((word) => text.includes(word))) return null;
  const first = words[0] ?? '';
  if (name.startsWith(first) || label.startsWith(first)) return 0;
  return label.includes(first) ? 1 : 2;
}
