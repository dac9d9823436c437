import type { Node, NodeState } from '@soa-monitor/protocol';
import { stateRank } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { statesAt } from './states-at.ts';

const node = (id: string, kind: Node['kind'], parent: string | null): Node => ({
  id,
  kind,
  name: id,
  parent,
  address: null,
  monitored: true,
  state: null,
  firstSeen: 5,
  lastSeen: 5,
});
const all = [
  node('m', 'machine', null),
  node('a', 'server', 'm'),
  node('b', 'server', 'm'),
  node('/a', 'endpoint', 'a'),
  node('c', 'client', 'm'),
];
const register = new Map(all.map((one) => [one.id, one]));

function shown(own: Record<string, string>): Record<string, string | undefined> {
  const state = statesAt(register, (id): NodeState | null => {
    const word = own[id];
    return word === undefined ? null : { state: word, since: 1, reason: '' };
  });
  return Object.fromEntries(all.map((one) => [one.id, state(one)?.state]));
}

describe('states on the map', () => {
  it('go down to endpoints and up to machines', () => {
    expect(shown({ a: 'down', b: 'up' })).toEqual({ m: 'down', a: 'down', b: 'up', '/a': 'down', c: undefined });
    expect(shown({ a: 'up', b: 'up', '/a': 'degraded' })).toMatchObject({ m: 'degraded', a: 'degraded', b: 'up' });
  });
  it('are unknown before the first ping, with words that say so', () => {
    expect(shown({})).toEqual({ m: 'unknown', a: 'unknown', b: 'unknown', '/a': 'unknown', c: undefined });
  });
  it('are not hidden by a sibling that nothing is known of', () => {
    expect(shown({ a: 'unknown', b: 'up' }).m).toBe('up');
  });
  it('rank a word of a newer server between well and troubled', () => {
    expect(stateRank('up')).toBeLessThan(stateRank('quarantined'));
    expect(stateRank('quarantined')).toBeLessThan(stateRank('down'));
  });
});
