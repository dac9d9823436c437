import type { LinkReading, NodeReading, Readings } from './messages.ts';

/** Whether readings differ in more than figures: in what is up or down, there or not, broken, looked for or compared. */
export function isNews(before: Readings, now: Readings): boolean {
  if (before.revision !== now.revision || before.nodes.length !== now.nodes.length) return true;
  if (before.links.length !== now.links.length) return true;
  return (
    now.nodes.some((node, index) => isOtherNode(before.nodes[index], node)) ||
    now.links.some((link, index) => isOtherLink(before.links[index], link)) ||
    now.hulls.some((state, index) => state !== before.hulls[index])
  );
}

const isOtherNode = (before: NodeReading | undefined, now: NodeReading): boolean =>
  before === undefined || before.state !== now.state || before.pinned !== now.pinned || isOther(before, now);

const isOtherLink = (before: LinkReading | undefined, now: LinkReading): boolean =>
  before === undefined || before.broken !== now.broken || isOther(before, now);

type Seen = Pick<NodeReading, 'absent' | 'shade' | 'change'>;

const isOther = (before: Seen, now: Seen): boolean =>
  before.absent !== now.absent || before.shade !== now.shade || before.change !== now.change;
