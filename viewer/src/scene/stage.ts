import type { NodeKind } from '@soa-monitor/protocol';
import { type Camera, type Point, toScreen } from './camera.ts';
import { type Disc, outlineOf } from './hulls.ts';
import { type LanePair, lanesOf } from './lanes.ts';
import type { Graph, GraphHull, GraphLink, GraphNode, LinkReading, NodeReading, Readings } from './messages.ts';

/** The map's geometry on the screen for one camera and one set of positions: what painting and hit tests read. */
export interface Stage {
  /** Null: its place is not known yet. In the order of the graph, as are links. */
  readonly nodes: readonly (StageNode | null)[];
  readonly links: readonly (StageLink | null)[];
  readonly hulls: readonly StageHull[];
  /** Of marks, relative to zoom 1. */
  readonly scale: number;
}

export interface StageNode extends Disc {
  readonly node: GraphNode;
  readonly reading: NodeReading;
}

export interface StageLink {
  readonly link: GraphLink;
  readonly reading: LinkReading;
  readonly lanes: LanePair;
  /** 0 (nothing in the last minute) to 4. */
  readonly step: number;
}

export interface StageHull {
  readonly hull: GraphHull;
  readonly state: string | null;
  readonly outline: readonly Point[];
}

export function stageOf(
  graph: Graph,
  readings: Readings,
  placeOf: (id: string) => Point | undefined,
  camera: Camera,
): Stage {
  const scale = Math.min(1.35, Math.max(0.45, Math.sqrt(camera.zoom)));
  const nodes = graph.nodes.map((node, index): StageNode | null => {
    const place = placeOf(node.id);
    if (place === undefined) return null;
    const reading = readings.nodes[index] ?? NO_NODE_READING;
    if (reading.shade === 'hidden') return null;
    return { node, reading, ...toScreen(camera, place), radius: radiusOf(node.kind, reading.perSecond) * scale };
  });
  const pairs = new Set(graph.links.map(({ source, target }) => `${source} ${target}`));
  const links = graph.links.map((link, index): StageLink | null => {
    const source = nodes[link.source];
    const target = nodes[link.target];
    if (source == null || target == null) return null;
    const reading = readings.links[index] ?? NO_LINK_READING;
    if (reading.shade === 'hidden') return null;
    const opposed = pairs.has(`${link.target} ${link.source}`);
    return { link, reading, lanes: lanesOf(source, target, opposed), step: widthStep(reading.perSecond) };
  });
  return { nodes, links, hulls: hullsOf(graph, readings, nodes, scale), scale };
}

/** Size by traffic, within a factor of three, on a scale of powers of ten: 1,000 a second is the largest. */
export function radiusOf(kind: NodeKind, perSecond: number): number {
  const share = Math.min(1, Math.log10(1 + perSecond) / 3);
  return RADIUS[kind] * (1 + 1.2 * share);
}

const RADIUS: Record<NodeKind, number> = { machine: 19, server: 17, endpoint: 13, client: 14, outside: 13 };

/** Width by rate in four steps, so that it does not twitch: below 1, 10, 100 a second, and beyond. */
export function widthStep(perSecond: number): number {
  if (perSecond <= 0) return 0;
  if (perSecond < 1) return 1;
  if (perSecond < 10) return 2;
  return perSecond < 100 ? 3 : 4;
}

const ROOM = { server: 15, machine: 26 } as const;

function hullsOf(
  graph: Graph,
  readings: Readings,
  nodes: readonly (StageNode | null)[],
  scale: number,
): readonly StageHull[] {
  return graph.hulls.flatMap((hull, index) => {
    const discs = hull.members.flatMap((member) => nodes[member] ?? []);
    if (discs.length === 0) return [];
    return [{ hull, state: readings.hulls[index] ?? null, outline: outlineOf(discs, ROOM[hull.kind] * scale) }];
  });
}

/** How strongly a mark is drawn: what was not seen stands back, what is not looked for recedes. */
export const alphaOf = ({ absent, shade }: Pick<NodeReading, 'absent' | 'shade'>): number =>
  shade !== undefined ? 0.14 : absent ? 0.35 : 1;

const NO_NODE_READING: NodeReading = { state: null, perSecond: 0, inFlight: 0, absent: false, pinned: false };
const NO_LINK_READING: LinkReading = {
  perSecond: 0,
  p95Micros: null,
  faultShare: null,
  inFlight: 0,
  broken: false,
  absent: false,
};
