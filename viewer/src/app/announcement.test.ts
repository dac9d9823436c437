import { describe, expect, it } from 'vitest';
import { announcementOf, changesSince, statesOf } from './announcement.ts';
import { nodeView } from './session-stand-in.ts';

describe('the live region', () => {
  it('tells of states that changed, and of nothing else', () => {
    const before = statesOf([nodeView('bank'), nodeView('airline'), nodeView('crowd', { kind: 'client' })]);
    expect(changesSince(before, [nodeView('bank', { state: 'down' }), nodeView('airline')])).toEqual([
      { label: 'bank', state: 'down' },
    ]);
  });
  it('is silent about a new node that is well, and tells of one that is not', () => {
    expect(changesSince(new Map(), [nodeView('a'), nodeView('b', { state: 'degraded' })])).toEqual([
      { label: 'b', state: 'degraded' },
    ]);
  });
  it('names the worst three and counts the rest', () => {
    const changes = ['up', 'up', 'down', 'up'].map((state, index) => ({ label: `n${index}`, state }));
    expect(announcementOf(changes)).toBe('n2 is down. n0 is up. n1 is up. 1 more changed.');
    expect(announcementOf([])).toBe('');
  });
});
