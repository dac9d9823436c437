import type { Node, NodeState, StateChange } from '@soa-monitor/protocol';

/** What was said of one node, merged so that the order in which it was heard does not matter. */
export function mergeNodes(a: Node | undefined, b: Node): Node {
  if (a === undefined) return b;
  const newer = isNewer(b, a) ? b : a;
  const state = laterState(a.state, b.state);
  const firstSeen = Math.min(a.firstSeen, b.firstSeen);
  const lastSeen = Math.max(a.lastSeen, b.lastSeen);
  if (newer === a && state === a.state && firstSeen === a.firstSeen && lastSeen === a.lastSeen) return a;
  return { ...newer, state, firstSeen, lastSeen };
}

/** A node's state changes in the order of time, with those of its own record; the newest are kept. */
export interface StateHistory {
  put(change: Omit<StateChange, 'node'>): boolean;
  at(time: number): NodeState | null;
  /** Keeps what tells the states from `from` to `to`, both included. */
  narrow(from: number, to: number): void;
  readonly size: number;
}

/** Per node; a service that flaps each 10 s for 5 hours. */
export const STATE_CHANGES_MAX = 2_048;

export function createStateHistory(): StateHistory {
  const changes: Omit<StateChange, 'node'>[] = [];
  return {
    put(change) {
      const same = changes.findIndex((other) => other.at === change.at);
      const known = changes[same];
      if (known !== undefined) {
        if (!supersedes(change, known)) return false;
        changes[same] = change;
        return true;
      }
      const after = changes.findIndex((other) => other.at > change.at);
      changes.splice(after < 0 ? changes.length : after, 0, change);
      if (changes.length > STATE_CHANGES_MAX) changes.shift();
      return true;
    },
    at(time) {
      const change = changes.findLast((other) => other.at <= time);
      return change === undefined ? null : { state: change.state, since: change.at, reason: change.reason };
    },
    narrow(from, to) {
      const first = changes.findLastIndex((change) => change.at <= from);
      const kept = changes.slice(Math.max(0, first)).filter((change) => change.at <= to);
      changes.splice(0, changes.length, ...kept);
    },
    get size() {
      return changes.length;
    },
  };
}

function isNewer(a: Node, b: Node): boolean {
  if (a.lastSeen !== b.lastSeen) return a.lastSeen > b.lastSeen;
  // Equally new: any rule will do, as long as both orders choose the same one.
  return JSON.stringify(describe(a)) > JSON.stringify(describe(b));
}

const describe = ({ id, kind, name, parent, address, monitored }: Node) => [monitored, address, parent, name, kind, id];

function laterState(a: NodeState | null, b: NodeState | null): NodeState | null {
  if (a === null || b === null) return a ?? b;
  if (a.since !== b.since) return a.since > b.since ? a : b;
  return wordsOf(a) >= wordsOf(b) ? a : b;
}

type Change = Omit<StateChange, 'node'>;

function supersedes(change: Change, known: Change): boolean {
  if (change.version !== known.version) return change.version > known.version;
  return wordsOf(change) > wordsOf(known);
}

const wordsOf = (change: { readonly state: string; readonly reason: string }): string =>
  `${change.state} ${change.reason}`;
