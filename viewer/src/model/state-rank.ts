import type { NodeState } from '@soa-monitor/protocol';

/** From the least to the most worth looking at. A word we do not know is worth more than what is well. */
const RANKS: readonly string[] = ['unknown', 'up', 'maintenance', 'blind', 'suspect', 'degraded', 'down'];
const RANK_OF_STRANGERS = RANKS.indexOf('blind');

/** How much a state is worth looking at; the worst of several is the one of the highest rank. */
export function stateRank(state: string): number {
  const rank = RANKS.indexOf(state);
  return rank < 0 ? RANK_OF_STRANGERS : rank;
}

export function worst(states: Iterable<NodeState | null>): NodeState | null {
  let found: NodeState | null = null;
  for (const state of states) {
    if (state === null) continue;
    if (found === null || stateRank(state.state) > stateRank(found.state)) found = state;
  }
  return found;
}
