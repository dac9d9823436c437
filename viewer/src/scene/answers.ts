import type { DotOnScreen } from './dots-seen.ts';
import type { DotSeen, NodeSeen } from './messages.ts';
import type { Stage } from './stage.ts';

/** What tests and the bench are told of the map. */
export function dotAnswer([dot]: readonly DotOnScreen[]): DotSeen | null {
  return dot === undefined ? null : { part: dot.part, x: dot.x, y: dot.y, t: dot.progress, phase: dot.phase };
}

export const nodesAnswer = (stage: Stage): readonly NodeSeen[] =>
  stage.nodes.flatMap((one) => {
    if (one === null) return [];
    const { node, reading, x, y } = one;
    const { id, name, belongsTo, kind } = node;
    return { id, name, belongsTo, kind, x, y, state: reading.state };
  });
