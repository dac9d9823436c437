import { linkId } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { LevelGraph } from './levels.ts';
import { OPERATIONS_APART_MAX, operationKey, operationWords, splitLinks } from './split-links.ts';

const LINK = linkId('shop', '/bank');
const level: LevelGraph = {
  level: 'operation',
  nodes: [],
  groups: [],
  standsFor: new Map(),
  links: [
    { id: LINK, source: 'shop', target: '/bank', members: [LINK] },
    { id: 'quiet', source: 'till', target: '/bank', members: ['quiet'] },
  ],
  linkOf: new Map([
    [LINK, 0],
    ['quiet', 1],
  ]),
};

describe('a link split by operation', () => {
  it('is one for each, in the order of their names, and what is not known stays whole', () => {
    const { links, linkOf } = splitLinks(level, (link) => (link === LINK ? ['transfer', 'balance', ''] : []));
    expect(links.map(({ operations, rank }) => [operations, rank])).toEqual([
      [[''], 0],
      [['balance'], 1],
      [['transfer'], 2],
      [undefined, undefined],
    ]);
    expect(linkOf.get(operationKey(LINK, 'transfer'))).toBe(2);
    expect(linkOf.get('quiet')).toBe(3);
    expect(links[3]?.id).toBe('quiet');
    expect(operationWords([''])).toBe('unknown operation');
  });
  it('keeps the address of an operation while others come', () => {
    const idOf = (operations: readonly string[]) =>
      splitLinks(level, () => operations).links.find(({ operations: of }) => of?.[0] === 'transfer')?.id;
    expect(idOf(['balance', 'transfer'])).toBe(idOf(['transfer']));
  });
  it('of very many operations draws some apart and the rest as one, and loses none', () => {
    const all = Array.from({ length: 100 }, (_, index) => `operation-${100 + index}`);
    const { links, linkOf } = splitLinks(level, (link) => (link === LINK ? all : []));
    const parts = links.filter(({ source }) => source === 'shop');
    expect(parts).toHaveLength(OPERATIONS_APART_MAX);
    expect(parts.flatMap(({ operations = [] }) => operations)).toEqual(all);
    expect(new Set(all.map((operation) => linkOf.get(operationKey(LINK, operation))))).toEqual(new Set(parts.keys()));
    expect(operationWords(parts.at(-1)?.operations ?? [])).toBe('89 more operations');
  });
});
