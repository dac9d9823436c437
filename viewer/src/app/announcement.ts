import type { NodeView } from '../session/session.ts';

export interface StateChange {
  readonly label: string;
  readonly state: string;
}

/** The nodes whose state differs from what was last told. A node not told of before counts only if something is wrong with it. */
export function changesSince(told: ReadonlyMap<string, string>, nodes: readonly NodeView[]): readonly StateChange[] {
  return nodes.flatMap(({ node, label, state }) => {
    const before = told.get(node.id);
    if (state === null || state === before) return [];
    if (before === undefined && CALM.has(state)) return [];
    return [{ label, state }];
  });
}

export const statesOf = (nodes: readonly NodeView[]): ReadonlyMap<string, string> =>
  new Map(nodes.flatMap(({ node, state }) => (state === null ? [] : [[node.id, state] as const])));

/** One short sentence or two, the worst first: "bank is down. 3 more changed." */
export function announcementOf(changes: readonly StateChange[]): string {
  const sorted = [...changes].sort((one, other) => Number(CALM.has(one.state)) - Number(CALM.has(other.state)));
  const told = sorted.slice(0, TOLD_MAX).map(({ label, state }) => `${label} is ${state}.`);
  const more = sorted.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more changed.`] : [])].join(' ');
}

const CALM = new Set(['up', 'unknown']);
const TOLD_MAX = 3;
