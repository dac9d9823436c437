import {
  addFigures,
  type CellTuple,
  type Link,
  linkId,
  type Node,
  noFigures,
  shownFigures,
} from '@soa-monitor/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFiguresAt } from './figures-at.ts';
import { levelGraph } from './levels.ts';
import { createPicture, LIVE_BOUNDS } from './picture.ts';

const node = (id: string, kind: Node['kind'], parent: string | null = null): [string, Node] => [
  id,
  { id, kind, name: id, parent, address: null, monitored: true, state: null, firstSeen: 0, lastSeen: 0 },
];
const link = (source: string, target: string): [string, Link] => {
  const id = linkId(source, target);
  return [id, { id, source, target }];
};

const nodes = new Map([
  node('m1', 'machine'),
  node('m2', 'machine'),
  node('desk', 'machine'),
  node('bank', 'server', 'm1'),
  node('air', 'server', 'm2'),
  node('idle', 'server', 'm2'),
  node('/bank', 'endpoint', 'bank'),
  node('/accounts', 'endpoint', 'bank'),
  node('/air', 'endpoint', 'air'),
  node('till', 'client', 'm1'),
  node('visitor', 'client', 'desk'),
  node('stranger', 'outside'),
]);
const links = new Map([
  link('/air', '/bank'),
  link('/air', '/accounts'),
  link('air', '/bank'),
  link('till', '/bank'),
  link('visitor', '/air'),
  link('stranger', '/air'),
]);
const ids = (level: 'endpoint' | 'server' | 'machine') =>
  levelGraph({ nodes, links }, level).nodes.map((one) => one.id);
const arrows = (level: 'endpoint' | 'server' | 'machine') =>
  levelGraph({ nodes, links }, level)
    .links.map((one) => `${one.source}→${one.target} ${one.members.length}`)
    .sort();

describe('levels', () => {
  it('shows endpoints, clients, strangers, and servers that call by themselves or have no endpoint yet', () => {
    expect(ids('endpoint')).toEqual(['/accounts', '/air', '/bank', 'air', 'idle', 'stranger', 'till', 'visitor']);
    expect(arrows('endpoint')).toHaveLength(6);
  });
  it('folds endpoints into servers', () => {
    expect(ids('server')).toEqual(['air', 'bank', 'idle', 'stranger', 'till', 'visitor']);
    expect(arrows('server')).toEqual(['air→bank 3', 'stranger→air 1', 'till→bank 1', 'visitor→air 1']);
  });
  it('folds clients into their machine only if it has servers', () => {
    expect(ids('machine')).toEqual(['m1', 'm2', 'stranger', 'visitor']);
    expect(arrows('machine')).toEqual(['m1→m1 1', 'm2→m1 3', 'stranger→m2 1', 'visitor→m2 1']);
  });
  it('draws a server around its endpoints and a machine around both, but none around clients alone', () => {
    const groups = levelGraph({ nodes, links }, 'endpoint').groups;
    expect(groups.map((group) => group.node.id)).toEqual(['m1', 'm2', 'bank', 'air']);
    expect(groups.find((group) => group.node.id === 'air')?.members).toEqual(['/air', 'air']);
  });
  it('leaves out a link whose ends have not been told of yet', () => {
    const early = new Map([...links, link('/air', 'unheard')]);
    expect(levelGraph({ nodes, links: early }, 'endpoint').links).toHaveLength(6);
  });

  it('gives the same sums at every level', () => {
    const cell = fc.tuple(
      fc.constantFrom(...links.keys()),
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(cell, { selector: ([id, second]) => `${id}${second}`, maxLength: 60 }), (some) => {
        const picture = createPicture(LIVE_BOUNDS);
        const cells = some.map(
          ([id, second, count]): CellTuple => [id, second, 1, count, 1, 0, 10, 20, [count, count]],
        );
        picture.apply({ nodes: [], links: [], states: [], exchanges: [], gone: [], cells });
        const at = createFiguresAt(picture);
        const sums = (['endpoint', 'server', 'machine'] as const).map((level) => {
          const sum = noFigures();
          for (const one of levelGraph({ nodes, links }, level).links)
            addFigures(sum, at.ofLinks(one.members, 70_000_000));
          return shownFigures(sum);
        });
        expect(sums[1]).toEqual(sums[0]);
        expect(sums[2]).toEqual(sums[0]);
      }),
    );
  });
});
