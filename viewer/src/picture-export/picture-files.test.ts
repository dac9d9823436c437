import { describe, expect, it } from 'vitest';
import { linkView, nodeView, quietFigures } from '../app/session-stand-in.ts';
import { PALETTES } from '../scene/palette.ts';
import { graphmlOf, jsonOf } from './graph-files.ts';
import { pictureOf } from './page-shapes.ts';
import { svgOf } from './svg.ts';

const hostile = '</text><script>alert(1)</script> & "q" \u0000 --';
const nodes = [
  nodeView('bank', { label: hostile, state: 'down', within: { server: 'bank', machine: 'meridian' } }),
  nodeView('kiosk', { kind: 'client', figures: { ...quietFigures, count: 60, perSecond: 1 } }),
  nodeView('nowhere'),
];
const links = [
  linkView('kiosk', 'bank', {
    figures: { ...quietFigures, count: 60, perSecond: 1, faultShare: 0.1, p95Micros: 5_000 },
  }),
  linkView('bank', 'kiosk'),
];
const places = new Map([
  ['bank', { x: -200, y: 0 }],
  ['kiosk', { x: 300, y: 150 }],
]);
const map = { nodes, links, found: null, placeOf: (id: string) => places.get(id) };
const caption = { title: 'SOA Monitor', lines: ['2026-11-22 14:03:22', `Found by: ${hostile}`] };
const svg = (found: typeof map.found | { nodes: Set<string>; links: Set<string> } = null): string =>
  svgOf(pictureOf({ ...map, found }, caption, PALETTES.light), PALETTES.light.ground, caption.title);
/** Well-formed as far as a reader of tags can tell: every element closed, no stray sign. */
function tagsOf(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, end, name, self] of xml.matchAll(/<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/g)) {
    if (end === '/') expect(open.pop()).toBe(name);
    else if (self !== '/') open.push(name ?? '');
  }
  return open;
}

describe('the map as SVG', () => {
  it('carries time, filter, labels with figures, and a legend of shapes and states', () => {
    const text = svg();
    for (const words of [
      '2026-11-22 14:03:22',
      'Found by:',
      'p95 5',
      'maintenance',
      'outside world',
      'meridian (machine)',
    ])
      expect(text).toContain(words);
    expect(tagsOf(text)).toEqual([]);
  });
  it('takes names for text and never for markup', () => {
    const text = svg();
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('\u0000');
    expect(text).toContain('&lt;script&gt;');
  });
  it('shows all of the map whatever its places, and leaves out what has none', () => {
    const picture = pictureOf(map, caption, PALETTES.dark);
    expect(picture.width).toBeGreaterThan(500);
    const texts = picture.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []));
    for (const { x, y } of texts) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(picture.width);
      expect(y).toBeLessThanOrEqual(picture.height);
    }
    expect(texts.some(({ text }) => text === 'nowhere')).toBe(false);
  });
  it('dims what was not looked for, and gives it no label', () => {
    const text = svg({ nodes: new Set(['kiosk']), links: new Set() });
    expect(text).toContain('opacity="0.14"');
    expect(text).not.toContain('p95 5');
  });
});

describe('the map as data', () => {
  const graph = { level: 'endpoint', at: 1_795_000_000_000_000, find: 'bank --', nodes, links, placeOf: map.placeOf };
  it('is JSON in which what is not known is null', () => {
    const told = JSON.parse(jsonOf(graph));
    expect(told).toMatchObject({ level: 'endpoint', find: 'bank --', atMicros: 1_795_000_000_000_000 });
    expect(told.nodes[0]).toMatchObject({ id: 'bank', machine: 'meridian', place: { x: -200, y: 0 } });
    expect(told.nodes[2].place).toBeNull();
    expect(told.links[1].figures.p95Micros).toBeNull();
  });
  it('is GraphML in which what is not known is absent, and every key is declared', () => {
    const xml = graphmlOf(graph);
    expect(tagsOf(xml)).toEqual([]);
    expect(xml.match(/<node /g)).toHaveLength(3);
    expect(xml).toContain('<edge id="kiosk&gt;bank" source="kiosk" target="bank"><data key="count">60</data>');
    const [quiet = ''] = xml.match(/<edge id="bank&gt;kiosk".*/) ?? [];
    expect(quiet).not.toContain('p95Micros');
    const declared = new Set([...xml.matchAll(/<key id="(\w+)"/g)].map(([, id]) => id));
    for (const [, used] of xml.matchAll(/<data key="(\w+)"/g)) expect(declared).toContain(used);
    expect(xml.split('\n')[1]?.slice(4, -3)).not.toContain('--');
  });
});
