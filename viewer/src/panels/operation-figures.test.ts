import type { LinkFigures, Node, Topology } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { nodeView } from '../app/session-stand-in.ts';
import { operationsOf } from './operation-figures.ts';

const node = (id: string, parent: string | null): Node => ({ ...nodeView(id).node, parent });
const link = (source: string, target: string, operation: string, count: number): LinkFigures => ({
  id: `${source}>${target} ${operation}`,
  source,
  target,
  operation,
  count,
  faults: 0,
  errors: 0,
  requestBytes: 0,
  replyBytes: 0,
  p50Micros: null,
  p95Micros: null,
  p99Micros: null,
});
const topology: Topology = {
  window: { from: 0, to: 1 },
  level: 'operation',
  nodes: [node('a/book', 'a'), node('a', 'm'), node('m', null), node('b/pay', 'b'), node('b', 'n')],
  links: [link('a/book', 'b/pay', 'Withdraw', 3), link('a', 'b/pay', 'Balance', 9), link('b', 'a/book', 'Cancel', 1)],
};
const names = (source: string, target: string, level: string) =>
  operationsOf({ source, target }, topology, level).map((each) => each.operation);

describe('the operations of a link', () => {
  it('are those between its own two ends at endpoint level', () => {
    expect(names('a/book', 'b/pay', 'endpoint')).toEqual(['Withdraw']);
    expect(names('a', 'b/pay', 'endpoint')).toEqual(['Balance']);
  });
  it('are those that were put together, where links are split by operation', () => {
    const whole = {
      ...topology,
      links: [...topology.links, link('a', 'b/pay', 'Refund', 2), link('a', 'b/pay', '', 1)],
    };
    const part = { source: 'a', target: 'b/pay', operations: ['Refund', ''] };
    expect(operationsOf(part, whole, 'operation').map((each) => each.operation)).toEqual(['Refund', '']);
  });
  it('are those of all below at coarser levels, the busiest first', () => {
    expect(names('a', 'b', 'server')).toEqual(['Balance', 'Withdraw']);
    expect(names('m', 'n', 'machine')).toEqual(['Balance', 'Withdraw']);
  });
});
