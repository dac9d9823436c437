import type { Camera, Point, Size } from './camera.ts';
import { type Folded, type FoldedTo, foldGraph, foldReadings } from './fold-graph.ts';
import type { Graph, Readings } from './messages.ts';

/** How much of the map is drawn: all of it, or its servers or machines closed. */
export type DetailShown = 'all' | FoldedTo;

/** The map as it can be read at the present camera. Small maps are always shown whole. */
export interface Detail {
  tell(graph: Graph): void;
  read(readings: Readings): void;
  /** Sums up what was read for what is drawn now: what `at` would else do all at once. */
  sumUp(): void;
  /** What is to be drawn through this camera, and where its nodes stand. */
  at(camera: Camera, size: Size, placeOf: (id: string) => Point | undefined): Shown;
  /** Scene places of the nodes that a mark stands for; more than one if it is closed. */
  within(id: string, placeOf: (id: string) => Point | undefined): readonly Point[];
}

export interface Shown {
  readonly detail: DetailShown;
  readonly graph: Graph;
  readonly readings: Readings;
  readonly placeOf: (id: string) => Point | undefined;
}

/** Marks and links in view that can still be told apart in a window of 1440 × 900; in a larger one more of them can. */
export const NODES_LEGIBLE = 450;
export const LINKS_LEGIBLE = 1_100;
const LEGIBLE_AREA = 1_440 * 900;
/** What is open stays open until it is this much over: a map must not flicker at the limit. */
const SLACK = 1.25;
const LEVELS = ['all', 'server', 'machine'] as const;

export function createDetail(): Detail {
  let whole: Graph = { revision: -1, nodes: [], links: [], hulls: [], linkOf: new Int32Array() };
  let readings: Readings = { revision: -1, nodes: [], links: [], hulls: [] };
  let folds = new Map<FoldedTo, Folded>();
  const sums = new Map<FoldedTo, Readings>();
  let shown: DetailShown = 'all';

  function folded(to: FoldedTo): Folded {
    const known = folds.get(to) ?? foldGraph(whole, to);
    folds.set(to, known);
    return known;
  }

  function readingsOf(to: FoldedTo): Readings {
    const known = sums.get(to) ?? foldReadings(whole, folded(to), readings);
    sums.set(to, known);
    return known;
  }

  function choose(isInView: Uint8Array, room: number): DetailShown {
    const isSmall = whole.nodes.length <= NODES_LEGIBLE && whole.links.length <= LINKS_LEGIBLE;
    if (isSmall) return 'all';
    for (const level of LEVELS) {
      const slack = level === shown ? room * SLACK : room;
      const { nodes, links } = countIn(isInView, level);
      if (nodes <= NODES_LEGIBLE * slack && links <= LINKS_LEGIBLE * slack) return level;
    }
    return 'machine';
  }

  function countIn(isInView: Uint8Array, level: DetailShown): { nodes: number; links: number } {
    const fold = level === 'all' ? null : folded(level);
    const isSeen = fold === null ? isInView : new Uint8Array(fold.graph.nodes.length);
    if (fold !== null) for (let i = 0; i < isInView.length; i++) if (isInView[i] === 1) isSeen[fold.stands[i] ?? 0] = 1;
    let [nodes, links] = [0, 0];
    for (let i = 0; i < isSeen.length; i++) nodes += isSeen[i] ?? 0;
    for (const { source, target } of (fold?.graph ?? whole).links) {
      if (isSeen[source] === 1 || isSeen[target] === 1) links++;
    }
    return { nodes, links };
  }

  return {
    tell(graph) {
      whole = graph;
      folds = new Map();
      sums.clear();
    },
    read(next) {
      readings = next;
      sums.clear();
    },
    sumUp() {
      if (shown !== 'all') readingsOf(shown);
    },
    at(camera, size, placeOf) {
      const room = Math.max(0.5, (size.width * size.height) / LEGIBLE_AREA);
      shown = choose(inView(whole, camera, size, placeOf), room);
      if (shown === 'all') return { detail: shown, graph: whole, readings, placeOf };
      const { graph, members, numbers } = folded(shown);
      return {
        detail: shown,
        graph,
        readings: readingsOf(shown),
        placeOf: (id) => middleOf(members[numbers.get(id) ?? -1] ?? [], whole, placeOf),
      };
    },
    within(id, placeOf) {
      if (shown === 'all') return [];
      const { members, numbers } = folded(shown);
      return (members[numbers.get(id) ?? -1] ?? []).flatMap((index) => placeOf(whole.nodes[index]?.id ?? '') ?? []);
    },
  };
}

function inView({ nodes }: Graph, camera: Camera, size: Size, placeOf: (id: string) => Point | undefined): Uint8Array {
  const found = new Uint8Array(nodes.length);
  for (const [index, node] of nodes.entries()) {
    const place = placeOf(node.id);
    if (place === undefined) continue;
    const [x, y] = [place.x * camera.zoom + camera.x, place.y * camera.zoom + camera.y];
    if (x >= 0 && y >= 0 && x <= size.width && y <= size.height) found[index] = 1;
  }
  return found;
}

function middleOf(
  members: readonly number[],
  { nodes }: Graph,
  placeOf: (id: string) => Point | undefined,
): Point | undefined {
  let [x, y, count] = [0, 0, 0];
  for (const index of members) {
    const place = placeOf(nodes[index]?.id ?? '');
    if (place === undefined) continue;
    x += place.x;
    y += place.y;
    count++;
  }
  return count === 0 ? undefined : { x: x / count, y: y / count };
}
