/**
 * The states from the least to the most worth looking at: the worst child of a server or machine is the one of the highest
 * rank. `unknown` hides nothing that is known, and a word of a newer version is worth more than what is well.
 */
const RANKS: readonly string[] = ['unknown', 'up', 'maintenance', 'blind', 'suspect', 'degraded', 'down'];
const RANK_OF_STRANGERS = RANKS.indexOf('blind');

/** How much a state is worth looking at; higher is worse. */
export function stateRank(state: string): number {
  const rank = RANKS.indexOf(state);
  return rank < 0 ? RANK_OF_STRANGERS : rank;
}
