import { describe, expect, it } from 'vitest';
import { linkView, nodeView, quietFigures } from '../app/session-stand-in.ts';
import { deviatingLinks, deviatingNodes } from './deviating.ts';
import { orderOf, orderText } from './table-columns.ts';
import { nextOrder, nodeRow, sorted } from './table-order.ts';

const rows = [
  nodeView('bank', { state: 'down', figures: { ...quietFigures, perSecond: 2, p95Micros: 900 } }),
  nodeView('airline', { figures: { ...quietFigures, perSecond: 9 } }),
  nodeView('crowd', { kind: 'client', absent: true }),
  nodeView('pay', { state: 'degraded', figures: { ...quietFigures, perSecond: 2, p95Micros: 100 } }),
].map(nodeRow);
const names = (column: Parameters<typeof nextOrder>[1], descending: boolean) =>
  sorted(rows, { column, descending }).map((row) => row.name);

describe('the order of the table twin', () => {
  it('has the unknown last, whichever way it is sorted', () => {
    expect(names('p95', true)).toEqual(['bank', 'pay', 'airline', 'crowd']);
    expect(names('p95', false)).toEqual(['pay', 'bank', 'airline', 'crowd']);
  });
  it('puts the worst state first, and equals by name', () => {
    expect(names('state', true)).toEqual(['bank', 'pay', 'airline', 'crowd']);
    expect(names('rate', true)).toEqual(['airline', 'bank', 'pay', 'crowd']);
  });
  it('begins numbers with the largest and names with A, and turns round the second time', () => {
    expect(nextOrder({ column: 'name', descending: false }, 'rate')).toEqual({ column: 'rate', descending: true });
    expect(nextOrder({ column: 'rate', descending: true }, 'rate')).toEqual({ column: 'rate', descending: false });
    expect(nextOrder({ column: 'rate', descending: true }, 'name')).toEqual({ column: 'name', descending: false });
  });
});

describe('what deviates', () => {
  it('is what is in trouble, the worst first, and not what is well or absent', () => {
    const nodes = [
      nodeView('a', { state: 'degraded' }),
      nodeView('b'),
      nodeView('c', { state: 'down' }),
      nodeView('d', { state: 'down', absent: true }),
      nodeView('e', { state: 'on fire' }),
    ];
    expect(deviatingNodes(nodes, 9).map((view) => view.node.id)).toEqual(['c', 'a', 'e']);
  });
  it('is a link on which calls failed', () => {
    const links = [linkView('a', 'b'), linkView('a', 'c', { figures: { ...quietFigures, count: 9, faultShare: 0.2 } })];
    expect(deviatingLinks(links, 9).map((link) => link.id)).toEqual(['a>c']);
  });
});

describe('the order in an address', () => {
  it('says column and direction, and nothing where it is the usual one', () => {
    expect(orderText({ column: 'p95', descending: true }, 'node')).toBe('-p95');
    expect(orderText({ column: 'state', descending: true }, 'node')).toBe('');
    for (const text of ['name', '-name', 'state', '-rate']) expect(orderText(orderOf(text, 'node'), 'node')).toBe(text);
  });
  it('is the usual one where it names no column of that table', () => {
    expect(orderOf('-colour', 'node')).toEqual({ column: 'state', descending: true });
    expect(orderOf('state', 'link')).toEqual({ column: 'rate', descending: true });
  });
});
