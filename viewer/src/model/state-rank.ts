import { type NodeState, stateRank } from '@soa-monitor/protocol';

/** The state of the highest rank; the first of equals. */
export function worst(states: Iterable<NodeState | null>): NodeState | null {
  let found: NodeState | null = null;
  for (const state of states) {
    if (state === null) continue;
    if (found === null || stateRank(state.state) > stateRank(found.state)) found = state;
  }
  return found;
}
