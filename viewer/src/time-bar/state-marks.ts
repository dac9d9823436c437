import type { StateChange, Window } from '@soa-monitor/protocol';
import type { NodeView } from '../session/session.ts';

/** A change worth a mark on the time bar: of a state, or that a node came or went. */
export interface StateMarkAt {
  readonly node: string;
  readonly label: string;
  /** The state, or `came`, or `went`. */
  readonly state: string;
  readonly at: number;
}

/**
 * Adds the changes that the nodes now show to those already seen: a mark stays when its node has changed again. The same list
 * comes back when nothing is new. A machine's or server's endpoints change with it: of the same moment and state one mark is
 * kept. The oldest go first when there are too many.
 */
export function collectMarks(marks: readonly StateMarkAt[], nodes: readonly NodeView[]): readonly StateMarkAt[] {
  const now = nodes.flatMap(({ node, label, state, stateSince }) =>
    state === null || stateSince === null || state === 'unknown'
      ? []
      : [{ node: node.id, label, state, at: stateSince }],
  );
  return joined(marks, now);
}

/** The stored changes of a window, with the names that are known of their nodes. */
export function storedMarks(changes: readonly StateChange[], nodes: readonly NodeView[]): readonly StateMarkAt[] {
  const labels = new Map(nodes.map(({ node, label }) => [node.id, label]));
  const marks = changes.map(({ node, state, at }) => ({ node, label: labels.get(node) ?? 'a node', state, at }));
  return joined(
    [],
    marks.filter(({ state }) => state !== 'unknown'),
  );
}

/** Nodes first seen in a window came in it; a client or stranger that has said nothing for long since went. */
export function comings(nodes: readonly NodeView[], window: Window, now: number): readonly StateMarkAt[] {
  return joined(
    [],
    nodes.flatMap(({ node, label }) => {
      const came = { node: node.id, label, state: 'came', at: node.firstSeen };
      const isSilent = (node.kind === 'client' || node.kind === 'outside') && node.lastSeen < now - GONE_MICROS;
      const marks = isSilent ? [came, { ...came, state: 'went', at: node.lastSeen }] : [came];
      return marks.filter(({ at }) => at >= window.from && at < window.to);
    }),
  );
}

/** Both lists in the order of time, each change once; the very same list when nothing is added. */
export function joined(marks: readonly StateMarkAt[], more: readonly StateMarkAt[]): readonly StateMarkAt[] {
  const seen = new Set(marks.map(keyOf));
  const added: StateMarkAt[] = [];
  for (const mark of more) {
    if (seen.has(keyOf(mark))) continue;
    seen.add(keyOf(mark));
    added.push(mark);
  }
  if (added.length === 0) return marks;
  return [...marks, ...added].sort((one, other) => one.at - other.at).slice(-MARKS_MAX);
}

/** "bank is down", "kiosk came". */
export const markWords = ({ label, state }: StateMarkAt): string =>
  state === 'came' || state === 'went' ? `${label} ${state}` : `${label} is ${state}`;

const keyOf = (mark: StateMarkAt): string => `${mark.state} ${Math.round(mark.at / SAME_MICROS)}`;

const MARKS_MAX = 200;
const SAME_MICROS = 200_000;
/** As the map fades who is silent. */
const GONE_MICROS = 600_000_000;
