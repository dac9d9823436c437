import type { NodeView } from '../session/session.ts';

/** A state change worth a mark on the time bar. */
export interface StateMarkAt {
  readonly node: string;
  readonly label: string;
  readonly state: string;
  readonly at: number;
}

/**
 * Adds the changes that the nodes now show to those already seen: a mark stays when its node has changed again. The same list
 * comes back when nothing is new. A machine's or server's endpoints change with it: of the same moment and state one mark is
 * kept. The oldest go first when there are too many.
 */
export function collectMarks(marks: readonly StateMarkAt[], nodes: readonly NodeView[]): readonly StateMarkAt[] {
  const seen = new Set(marks.map(keyOf));
  const added: StateMarkAt[] = [];
  for (const { node, label, state, stateSince } of nodes) {
    if (state === null || stateSince === null || state === 'unknown') continue;
    const mark = { node: node.id, label, state, at: stateSince };
    if (seen.has(keyOf(mark))) continue;
    seen.add(keyOf(mark));
    added.push(mark);
  }
  if (added.length === 0) return marks;
  return [...marks, ...added].sort((one, other) => one.at - other.at).slice(-MARKS_MAX);
}

const keyOf = (mark: StateMarkAt): string => `${mark.state} ${Math.round(mark.at / SAME_MICROS)}`;

const MARKS_MAX = 200;
const SAME_MICROS = 200_000;
