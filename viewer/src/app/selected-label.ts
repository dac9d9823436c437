import type { SessionSnapshot } from '../session/session.ts';

/** What is selected, in words; null for nothing. */
export function selectedLabel({ selection, nodes, links }: SessionSnapshot): string | null {
  if (selection === null) return null;
  if (selection.kind === 'exchange') return 'a message';
  if (selection.kind === 'link') {
    const link = links.find((each) => each.id === selection.id);
    return link === undefined ? 'a link' : `${link.sourceLabel} to ${link.targetLabel}`;
  }
  const view = nodes.find((each) => each.node.id === selection.id);
  if (view === undefined) return 'a node';
  return view.state === null ? `${view.label}, ${view.node.kind}` : `${view.label}, ${view.node.kind}, ${view.state}`;
}
