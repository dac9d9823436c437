import type { NodeKind } from '@soa-monitor/protocol';
import { type Camera, type Point, type Size, toScreen } from './camera.ts';
import type { Shown } from './detail.ts';
import { type Disc, outlineOf } from './hulls.ts';
import { type LanePair, lanesOf } from './lanes.ts';
import type { Graph, GraphHull, GraphLink, GraphNode, LinkReading, NodeReading, Readings } from './messages.ts';

/** The map's geometry on the screen for one camera and one set of positions: what painting and hit tests read. */
export interface Stage {
  /** Drawn: all of the map, or folded. */
  readonly graph: Graph;
  /** Null: its place is not known yet. In the order of the graph, as are links. */
  readonly nodes: readonly (StageNode | null)[];
  readonly links: readonly (StageLink | null)[];
  readonly hulls: readonly StageHull[];
  /** Of marks, relative to zoom 1. */
  readonly scale: number;
  /** Marks stand for what they contain, links for sums of links. */
  readonly isFolded: boolean;
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

/**
 * What is far outside of the view is left out of a large map; a small one is whole, so that keys can walk all of it. Rests
 * now and then, as painting does.
 */
export function* stageOf(shown: Shown, camera: Camera, size: Size): Generator<void, Stage> {
  const { graph, readings, placeOf } = shown;
  // Marks of many keep their names however far one is.
  const least = shown.detail === 'all' ? 0.45 : 0.52;
  const scale = Math.min(1.35, Math.max(least, Math.sqrt(camera.zoom * SCALE_OF_DETAIL[shown.detail])));
  const rate = RATE_OF_DETAIL[shown.detail];
  const isCulled = graph.nodes.length > CULLED_FROM;
  const all = graph.nodes.map((node, index): StageNode | null => {
    const place = placeOf(node.id);
    if (place === undefined) return null;
    const reading = readings.nodes[index] ?? NO_NODE_READING;
    if (reading.shade === 'hidden') return null;
    return { node, reading, ...toScreen(camera, place), radius: radiusOf(node.kind, reading.perSecond) * scale };
  });
  yield;
  const pairs = new Set(graph.links.map(({ source, target }) => source * graph.nodes.length + target));
  const linkOf = (link: GraphLink, index: number): StageLink | null => {
    const source = all[link.source];
    const target = all[link.target];
    if (source == null || target == null || !mayCross(source, target, size)) return null;
    const reading = readings.links[index] ?? NO_LINK_READING;
    if (reading.shade === 'hidden') return null;
    const opposed = pairs.has(link.target * graph.nodes.length + link.source);
    return {
      link,
      reading,
      lanes: lanesOf(source, target, opposed, link.rank),
      step: widthStep(reading.perSecond / rate),
    };
  };
  const links: (StageLink | null)[] = [];
  for (const [index, link] of graph.links.entries()) {
    links.push(linkOf(link, index));
    if (index % LINKS_AT_ONCE === LINKS_AT_ONCE - 1) yield;
  }
  const nodes = isCulled ? all.map((node) => (node !== null && isNear(node, size) ? node : null)) : all;
  return {
    graph,
    nodes,
    links,
    hulls: hullsOf(graph, readings, all, scale, size),
    scale,
    isFolded: shown.detail !== 'all',
  };
}

const CULLED_FROM = 600;
const LINKS_AT_ONCE = 400;
/** A mark of many is as large as one that is near. */
const SCALE_OF_DETAIL = { all: 1, server: 2, machine: 2.2 } as const;
/** A sum of many links is wide only among other sums. */
const RATE_OF_DETAIL = { all: 1, server: 8, machine: 30 } as const;
/** Beyond the edge of the view: labels and bows reach so far. */
const NEAR_VIEW = 120;

const isNear = ({ x, y }: Point, { width, height }: Size): boolean =>
  x > -NEAR_VIEW && y > -NEAR_VIEW && x < width + NEAR_VIEW && y < height + NEAR_VIEW;

/** Whether anything between the two can be in view. */
function mayCross(a: Point, b: Point, { width, height }: Size): boolean {
  const bow = NEAR_VIEW + 0.06 * Math.hypot(a.x - b.x, a.y - b.y);
  if (Math.max(a.x, b.x) < -bow || Math.min(a.x, b.x) > width + bow) return false;
  return Math.max(a.y, b.y) >= -bow && Math.min(a.y, b.y) <= height + bow;
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
  size: Size,
): readonly StageHull[] {
  return graph.hulls.flatMap((hull, index) => {
    const discs = hull.members.flatMap((member) => nodes[member] ?? []);
    if (discs.length === 0 || !discs.some((disc, at) => mayCross(disc, discs[at + 1] ?? disc, size))) return [];
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
