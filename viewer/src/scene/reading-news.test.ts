import { describe, expect, it } from 'vitest';
import type { Readings } from './messages.ts';
import { isNews } from './reading-news.ts';

const node = { state: 'up', perSecond: 2, inFlight: 1, absent: false, pinned: false };
const link = { perSecond: 2, p95Micros: 900, faultShare: 0, inFlight: 1, broken: false, absent: false };
const before: Readings = { revision: 1, nodes: [node], links: [link], hulls: ['up'] };

describe('what is news among readings', () => {
  it('is not that figures have changed', () => {
    const figures = { perSecond: 9, inFlight: 4 };
    const now = { ...before, nodes: [{ ...node, ...figures }], links: [{ ...link, ...figures, p95Micros: null }] };
    expect(isNews(before, now)).toBe(false);
  });
  it('is any change of state, of being there, of a broken link, and of what is looked for', () => {
    const others: readonly Readings[] = [
      { ...before, revision: 2 },
      { ...before, nodes: [node, node] },
      { ...before, links: [] },
      { ...before, nodes: [{ ...node, state: 'down' }] },
      { ...before, nodes: [{ ...node, pinned: true }] },
      { ...before, nodes: [{ ...node, shade: 'dimmed' }] },
      { ...before, links: [{ ...link, broken: true }] },
      { ...before, links: [{ ...link, absent: true }] },
      { ...before, links: [{ ...link, change: 'gone' }] },
      { ...before, hulls: ['down'] },
    ];
    for (const now of others) expect(isNews(before, now)).toBe(true);
  });
});
