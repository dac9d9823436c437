import { describe, expect, it } from 'vitest';
import { NAME_MAX, withShortNames } from './short-names.ts';

const graphOf = (name: string) => ({
  revision: 1,
  nodes: [{ id: 'a', kind: 'endpoint' as const, name, belongsTo: name, hulls: [] }],
  links: [],
  hulls: [{ id: 'h', kind: 'server' as const, name, members: [0] }],
  linkOf: new Int32Array(),
});

const lettered = (name: string) => withShortNames(graphOf(name)).nodes[0]?.name ?? '';

describe('names on the map', () => {
  it('are whole when they can be read', () => {
    expect(lettered('/v1/accounts')).toBe('/v1/accounts');
    expect(lettered('خدمة الحجز 🛫')).toBe('خدمة الحجز 🛫');
  });
  it('are cut when nobody could read them, also those of hulls', () => {
    const { nodes, hulls } = withShortNames(graphOf('x'.repeat(1_000_000)));
    for (const name of [nodes[0]?.name, nodes[0]?.belongsTo, hulls[0]?.name]) {
      expect(name).toHaveLength(NAME_MAX);
      expect(name?.endsWith('…')).toBe(true);
    }
  });
  it('are never cut through a character', () => {
    for (let before = 0; before < 4; before++) {
      expect(lettered('x'.repeat(before) + '🛫'.repeat(100))).toMatch(/^x*(🛫)+…$/u);
    }
  });
  it('are never cut through what a reader takes for one letter', () => {
    for (let before = 0; before < 12; before++) {
      expect(lettered('x'.repeat(before) + '👩‍👩‍👧‍👦'.repeat(20))).toMatch(/^x*(👩‍👩‍👧‍👦)+…$/u);
    }
  });
});
