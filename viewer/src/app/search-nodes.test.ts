import { describe, expect, it } from 'vitest';
import { searchNodes } from './search-nodes.ts';
import { nodeView } from './session-stand-in.ts';

const nodes = [
  nodeView('airline-a', { label: 'airline-a · /airline' }),
  nodeView('bank', { label: 'bank · /bank', state: 'down' }),
  nodeView('online-bank', { label: 'online-bank · /pay' }),
  nodeView('crowd', { kind: 'client' }),
];
const found = (search: string) => searchNodes(nodes, search, 10).map((view) => view.node.id);

describe('search', () => {
  it('puts names that begin with the search before those that have it inside', () => {
    expect(found('BANK')).toEqual(['bank', 'online-bank']);
  });
  it('finds by kind, path and state, all words together', () => {
    expect(found('client')).toEqual(['crowd']);
    expect(found('bank down')).toEqual(['bank']);
    expect(found('/airline')).toEqual(['airline-a']);
  });
  it('finds nothing for nothing, and no more than its limit', () => {
    expect(found('  ')).toEqual([]);
    expect(searchNodes(nodes, 'a', 1)).toHaveLength(1);
  });
});
