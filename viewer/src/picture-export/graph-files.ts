import type { FiguresView, LinkView, NodeView } from '../session/session.ts';
import { escaped } from './svg.ts';

/** What the map shows, for other tools. */
export interface GraphToTell {
  readonly level: string;
  /** Epoch µs; figures are of the 60 s before it. */
  readonly at: number;
  readonly find: string;
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  readonly placeOf: (node: string) => { readonly x: number; readonly y: number } | undefined;
}

/** Figures that are not known are null, never 0. */
export function jsonOf({ level, at, find, nodes, links, placeOf }: GraphToTell): string {
  const told = {
    format: 'soa-monitor-map',
    version: 1,
    level,
    atMicros: Math.round(at),
    time: new Date(at / 1_000).toISOString(),
    find,
    nodes: nodes.map(({ node, label, state, within, figures, absent }) => ({
      ...{ id: node.id, kind: node.kind, name: node.name, label, address: node.address, state, absent },
      ...{ server: within?.server ?? null, machine: within?.machine ?? null, place: placeOf(node.id) ?? null },
      figures,
    })),
    links: links.map(({ id, source, target, figures }) => ({ id, source, target, figures })),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** GraphML 1.0 (graphml.graphdrawing.org), as yEd, Gephi and networkx read it. What is not known has no data element. */
export function graphmlOf({ level, at, find, nodes, links, placeOf }: GraphToTell): string {
  const keys = [
    ...NODE_KEYS.map(([name, type]) => keyOf('node', name, type)),
    ...FIGURE_KEYS.map(([name, type]) => keyOf('all', name, type)),
  ];
  const nodeElements = nodes.map(({ node, label, state, within, figures }) => {
    const place = placeOf(node.id);
    const data = { label, kind: node.kind, state, server: within?.server, machine: within?.machine, ...place };
    return `    <node id="${escaped(node.id)}">${dataOf({ ...data, ...figuresOf(figures) })}</node>`;
  });
  const linkElements = links.map(
    ({ id, source, target, figures }) =>
      `    <edge id="${escaped(id)}" source="${escaped(source)}" target="${escaped(target)}">${dataOf(figuresOf(figures))}</edge>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- SOA Monitor, ${level} level, ${new Date(at / 1_000).toISOString()}${find === '' ? '' : `, found by: ${commented(find)}`} -->`,
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys,
    '  <graph id="map" edgedefault="directed">',
    ...nodeElements,
    ...linkElements,
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

const NODE_KEYS = [
  ['label', 'string'],
  ['kind', 'string'],
  ['state', 'string'],
  ['server', 'string'],
  ['machine', 'string'],
  ['x', 'double'],
  ['y', 'double'],
] as const;
const FIGURE_KEYS = [
  ['count', 'long'],
  ['perSecond', 'double'],
  ['faults', 'long'],
  ['errors', 'long'],
  ['faultShare', 'double'],
  ['p95Micros', 'double'],
  ['inFlight', 'long'],
] as const;

const figuresOf = (figures: FiguresView): Readonly<Record<string, number | null>> =>
  Object.fromEntries(FIGURE_KEYS.map(([name]) => [name, figures[name]]));

const keyOf = (of: string, name: string, type: string): string =>
  `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`;

const dataOf = (values: Readonly<Record<string, string | number | null | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value == null ? '' : `<data key="${name}">${escaped(String(value))}</data>`))
    .join('');

/** Two hyphens would end a comment. */
const commented = (text: string): string => escaped(text).replaceAll('--', '- -');
