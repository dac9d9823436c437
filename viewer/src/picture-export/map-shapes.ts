import { formatDuration } from '../format/durations.ts';
import { formatRate, formatShare } from '../format/numbers.ts';
import { operationWords } from '../model/split-links.ts';
import { outlineOf } from '../scene/hulls.ts';
import { type Lane, type LanePair, lanesOf, pointOn } from '../scene/lanes.ts';
import { knownState, type Palette } from '../scene/palette.ts';
import type { Found } from '../session/lens.ts';
import type { LinkView, NodeView } from '../session/session.ts';
import { nodeShapes } from './node-shapes.ts';
import { at, polygonAt, type Shape, type TextShape } from './shapes.ts';

export interface MapToDraw {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  readonly found: Found | null;
  /** Where each node stands, pixels of the picture; one that has no place is not drawn. */
  readonly placeOf: (node: string) => { readonly x: number; readonly y: number } | undefined;
}

export interface DrawnMap {
  readonly shapes: readonly Shape[];
  /** Of each link that is drawn. */
  readonly lanes: ReadonlyMap<string, LanePair>;
}

/** The map as shapes, from the ground up: machines and servers around their nodes, links, nodes, labels. */
export function mapShapes(map: MapToDraw, palette: Palette): DrawnMap {
  const placed = map.nodes.flatMap((view) => {
    const place = map.placeOf(view.node.id);
    if (place === undefined) return [];
    const radius = RADII[view.node.kind] * (1 + 0.8 * Math.min(1, Math.log10(1 + view.figures.perSecond) / 3));
    return [{ view, radius, ...place }];
  });
  const byId = new Map(placed.map((node) => [node.view.node.id, node]));
  const pairs = new Set(map.links.map(({ source, target }) => `${source} ${target}`));
  const lanes = new Map<string, LanePair>();
  const drawn: Shape[] = [];
  const isFree = labelSpace(placed);
  const nodeLabels = placed
    .filter(({ view }) => map.found === null || map.found.nodes.has(view.node.id))
    .flatMap((node) => nodeLabel(node, palette));
  for (const label of nodeLabels) isFree(label);
  const linkLabels: Shape[] = [];
  for (const link of map.links) {
    const [source, target] = [byId.get(link.source), byId.get(link.target)];
    if (source === undefined || target === undefined) continue;
    const pair = lanesOf(source, target, pairs.has(`${link.target} ${link.source}`), link.rank);
    const isShown = map.found === null || map.found.links.has(link.id);
    if (isShown) lanes.set(link.id, pair);
    drawn.push(...linkShapes(link, pair, isBroken(link, target.view), isShown, palette));
    if (isShown) linkLabels.push(...linkLabel(link, pair, palette, isFree));
  }
  const nodes = placed.flatMap((node) => {
    const { view, x, y, radius } = node;
    const isShown = map.found === null || map.found.nodes.has(view.node.id);
    const alpha = isShown ? (view.absent ? 0.35 : 1) : 0.14;
    return nodeShapes({ kind: view.node.kind, state: view.state, x, y, radius, alpha }, palette);
  });
  return { shapes: [...hullShapes(placed, palette), ...drawn, ...nodes, ...linkLabels, ...nodeLabels], lanes };
}

interface Placed {
  readonly view: NodeView;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const RADII = { machine: 19, server: 17, endpoint: 13, client: 14, outside: 13 } as const;

const isBroken = ({ figures }: LinkView, target: NodeView): boolean =>
  target.state === 'down' || (figures.count > 0 && figures.errors * 2 > figures.count);

function linkShapes(
  { figures }: LinkView,
  pair: LanePair,
  broken: boolean,
  isShown: boolean,
  palette: Palette,
): readonly Shape[] {
  const { perSecond } = figures;
  const step = perSecond <= 0 ? 0 : perSecond < 1 ? 1 : perSecond < 10 ? 2 : perSecond < 100 ? 3 : 4;
  const stroke = broken ? palette.fault : step === 0 ? palette.linkQuiet : palette.link;
  const width = WIDTHS[step] ?? 1;
  const alpha = isShown ? 1 : 0.14;
  const dash = broken ? { dash: [7, 5] } : {};
  return [
    { kind: 'path', d: laneAt(pair.request), stroke, width, alpha, ...dash },
    { kind: 'path', d: laneAt(pair.reply), stroke, width: Math.max(0.75, width * 0.6), alpha: alpha * 0.65, ...dash },
    { kind: 'path', d: headAt(pair.request, 5.5 + width), fill: stroke, alpha },
  ];
}

const WIDTHS = [0.9, 1.1, 1.6, 2.3, 3.2];

const laneAt = ({ from, bend1, bend2, to }: Lane): string =>
  `M${at(from.x)} ${at(from.y)}C${[bend1, bend2, to].map(({ x, y }) => `${at(x)} ${at(y)}`).join(' ')}`;

function headAt({ bend2, to }: Lane, length: number): string {
  const angle = Math.atan2(to.y - bend2.y, to.x - bend2.x);
  return polygonAt([
    to,
    ...[-0.42, 0.42].map((side) => ({
      x: to.x - length * Math.cos(angle + side),
      y: to.y - length * Math.sin(angle + side),
    })),
  ]);
}

function linkLabel(
  { figures, operations }: LinkView,
  { request }: LanePair,
  palette: Palette,
  isFree: (label: TextShape) => boolean,
): readonly Shape[] {
  if (figures.count === 0) return [];
  const words = [
    ...(operations === undefined ? [] : [operationWords(operations)]),
    formatRate(figures.perSecond),
    ...(figures.p95Micros === null ? [] : [`p95 ${formatDuration(figures.p95Micros)}`]),
    ...(figures.faultShare === null ? [] : [formatShare(figures.faultShare)]),
  ].join(' · ');
  const isBad = (figures.faultShare ?? 0) > 0;
  const fill = isBad ? palette.stateWords.down : palette.text;
  const style = { kind: 'text', text: words, fill, size: 11, anchor: 'middle', halo: palette.ground } as const;
  // Where none of these is free, the words go: a label over another says less than none.
  const label = [0.5, 0.4, 0.6, 0.3, 0.7].map((share) => ({ ...style, ...pointOn(request, share) })).find(isFree);
  return label === undefined ? [] : [label];
}

/** Takes the room of a label if it is free of nodes and of other labels. */
function labelSpace(nodes: readonly Placed[]): (label: TextShape) => boolean {
  const taken = nodes.map(({ x, y, radius }) => ({ x, y, halfWidth: radius, halfHeight: radius }));
  return ({ x, y, text, size }) => {
    const box = { x, y: y - size / 3, halfWidth: (text.length * size * LETTER_SHARE) / 2, halfHeight: size * 0.6 };
    const isTaken = taken.some(
      (other) =>
        Math.abs(other.x - box.x) < other.halfWidth + box.halfWidth &&
        Math.abs(other.y - box.y) < other.halfHeight + box.halfHeight,
    );
    if (!isTaken) taken.push(box);
    return !isTaken;
  };
}

/** Width of a letter as a share of its size, on the safe side: the font of who opens the file is not known. */
const LETTER_SHARE = 0.6;

function nodeLabel({ view, x, y, radius }: Placed, palette: Palette): readonly TextShape[] {
  const { label, state, absent, figures } = view;
  const colour = state === null ? palette.textQuiet : palette.stateWords[knownState(state)];
  const traffic = figures.perSecond > 0 ? formatRate(figures.perSecond) : '';
  const second = [state ?? '', absent ? 'not seen' : traffic].filter((word) => word !== '').join(' · ');
  const common = { kind: 'text', x, anchor: 'middle', halo: palette.ground } as const;
  return [
    { ...common, y: y + radius + 15, text: cut(label), fill: palette.text, size: 12, weight: 500, mono: true },
    ...(second === '' ? [] : [{ ...common, y: y + radius + 30, text: second, fill: colour, size: 11 }]),
  ];
}

/** A name of a megabyte is a name all the same, but no label. */
const cut = (name: string): string => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name);
const NAME_MAX = 48;

function hullShapes(placed: readonly Placed[], palette: Palette): readonly Shape[] {
  return (['machine', 'server'] as const).flatMap((kind) => {
    const groups = new Map<string, Placed[]>();
    for (const node of placed) {
      if (node.view.node.kind === 'client') continue;
      const { within } = node.view;
      const own = node.view.node.kind === 'server' && kind === 'server' ? node.view.node.name : null;
      const name = kind === 'machine' ? within?.machine : (own ?? within?.server);
      // Two servers of one name on two machines are two.
      const key = name == null ? null : `${within?.machine ?? ''} ${name}`;
      if (key !== null) groups.set(key, [...(groups.get(key) ?? []), node]);
    }
    return [...groups.values()].flatMap((members): readonly Shape[] => {
      const outline = outlineOf(members, kind === 'machine' ? 26 : 15);
      const isMachine = kind === 'machine';
      const name = members[0]?.view.within?.machine;
      const [left, right, top] = [
        Math.min(...outline.map(({ x }) => x)),
        Math.max(...outline.map(({ x }) => x)),
        Math.min(...outline.map(({ y }) => y)),
      ];
      return [
        {
          kind: 'path',
          d: polygonAt(outline),
          fill: isMachine ? palette.machineHull : palette.hull,
          stroke: isMachine ? palette.machineEdge : palette.hullEdge,
          width: 1,
          ...(isMachine ? { dash: [4, 4] } : {}),
        },
        ...(isMachine && name != null
          ? [
              {
                kind: 'text' as const,
                x: (left + right) / 2,
                y: top - 6,
                text: `${cut(name)} (machine)`,
                fill: palette.textQuiet,
                size: 11,
                anchor: 'middle' as const,
                halo: palette.ground,
              },
            ]
          : []),
      ];
    });
  });
}
