import { describe, expect, it } from 'vitest';
import { linkView, nodeView, quietFigures } from '../app/session-stand-in.ts';
import { completionsAt } from './complete.ts';
import { findLens } from './find-lens.ts';
import { fits } from './glob.ts';
import { parse } from './parse.ts';
import { BUILT_IN_PRESETS } from './presets.ts';

const busy = { ...quietFigures, count: 200, perSecond: 3.3, faultShare: 0, p95Micros: 40_000 };
const nodes = [
  nodeView('bank', {
    figures: { ...busy, faults: 4, faultShare: 0.02 },
    within: { server: 'bank', machine: 'meridian' },
  }),
  nodeView('airline', { state: 'down', figures: quietFigures, within: { server: 'airline-a', machine: 'borealis' } }),
  nodeView('kiosk', { kind: 'client', figures: busy }),
  nodeView('web shop', { kind: 'client', figures: { ...busy, p95Micros: 900_000 } }),
];
const links = [
  linkView('kiosk', 'bank', { figures: { ...busy, faults: 4, faultShare: 0.02 } }),
  linkView('web shop', 'airline', { figures: { ...busy, p95Micros: 900_000 } }),
  linkView('airline', 'bank', { figures: quietFigures }),
];

function found(text: string) {
  const parsed = parse(text);
  if (parsed.kind !== 'expression') throw new Error(JSON.stringify(parsed));
  const { nodes: shownNodes, links: shownLinks } = findLens(parsed.expression)(nodes, links);
  return { nodes: [...shownNodes].sort(), links: [...shownLinks].sort() };
}

describe('what calls are for', () => {
  const split = ['balance', 'transfer'].map((operation) =>
    linkView('kiosk', 'bank', { id: operation, operations: [operation], figures: busy }),
  );
  const idsFound = (text: string) => {
    const parsed = parse(text);
    return parsed.kind === 'expression' ? [...findLens(parsed.expression)(nodes, split).links] : [];
  };
  it('is found where links are split by it, and is not known elsewhere', () => {
    expect(idsFound('operation:bal*')).toEqual(['balance']);
    expect(idsFound('not operation:bal*')).toEqual(['transfer']);
    expect(found('operation:bal*').links).toEqual([]);
    expect(found('not operation:bal*').links).toEqual([]);
  });
  it('is offered while one types', () => {
    const offered = completionsAt('operation:', 10, { nodes, links: split }, 9).map(({ text }) => text);
    expect(offered).toEqual(['* ', 'balance ', 'transfer ']);
  });
});

describe('what is found', () => {
  it('by name is the node with its calls and whom they join it to', () => {
    expect(found('node:bank*')).toEqual({ nodes: ['airline', 'bank', 'kiosk'], links: ['airline>bank', 'kiosk>bank'] });
  });
  it('by a part of a name', () => {
    expect(found('SHOP')).toEqual({ nodes: ['airline', 'web shop'], links: ['web shop>airline'] });
  });
  it('by machine and server is what runs there', () => {
    expect(found('machine:meridian and node:*').nodes).toContain('bank');
    expect(found('server:airline-a and not client:*')).toEqual({ nodes: ['airline', 'bank'], links: ['airline>bank'] });
  });
  it('by figures of the last minute, in shares and in numbers', () => {
    expect(found('faults > 1%').links).toEqual(['kiosk>bank']);
    expect(found('faults >= 4').links).toEqual(['kiosk>bank']);
    expect(found('p95 > 300ms')).toEqual({ nodes: ['airline', 'web shop'], links: ['web shop>airline'] });
  });
  it('by direction is the calls with both ends', () => {
    expect(found('from:airline')).toEqual({ nodes: ['airline', 'bank'], links: ['airline>bank'] });
    expect(found('to:bank and from:kiosk').links).toEqual(['kiosk>bank']);
  });
  it('never takes what is not known for healthy', () => {
    expect(found('not faults > 1%').links).toEqual(['web shop>airline']);
    expect(found('faults > 1% or not faults > 1%').links).not.toContain('airline>bank');
  });
  it('by state is what is in it, with its calls', () => {
    expect(found('state:down').links).toEqual(['airline>bank', 'web shop>airline']);
  });
  it('needs both in an and', () => {
    expect(found('node:bank* and (faults > 1% or p95 > 300ms) and not client:*')).toEqual({
      nodes: ['bank'],
      links: [],
    });
  });
  it.each(BUILT_IN_PRESETS)('has a preset, $name, that is well written', ({ text }) => {
    expect(parse(text).kind).toBe('expression');
  });
});

describe('patterns', () => {
  it.each([
    ['bank', 'BANK', true],
    ['bank-2', 'bank', false],
    ['bank-2', 'b*-?', true],
    ['', '*', true],
    ['', '?', false],
    ['aaab', 'a*a*b', true],
  ])('%s fits %s: %s', (text, pattern, fit) => {
    expect(fits(text, pattern)).toBe(fit);
  });
  it('are not slow, however they are written', () => {
    expect(fits('a'.repeat(2_000), `${'a*'.repeat(200)}b`)).toBe(false);
  });
});

describe('completion', () => {
  const texts = (text: string): readonly string[] =>
    completionsAt(text, text.length, { nodes, links }, 30).map((each) => each.text);
  it('offers what the grammar wants next', () => {
    expect(texts('')).toContain('node:');
    expect(texts('fau')).toEqual(['faults ']);
    expect(texts('faults ')).toContain('> ');
    expect(texts('faults > ')).toContain('1% ');
    expect(texts('(node:bank ')).toEqual(['and ', 'or ', ') ']);
    expect(texts('bank and ')).toContain('p95 ');
  });
  it('offers the names and states that there are, quoted where they need it', () => {
    expect(texts('client:')).toEqual(['* ', 'kiosk ', '"web shop" ']);
    expect(texts('state:d')).toEqual(['down ']);
    expect(texts('machine:')).toEqual(['* ', 'borealis ', 'meridian ']);
  });
  it('replaces the word at the caret, and nothing else', () => {
    expect(completionsAt('fau and bank', 3, { nodes, links }, 1)).toEqual([
      { text: 'faults ', words: 'SOAP faults', from: 0, to: 3 },
    ]);
  });
});
