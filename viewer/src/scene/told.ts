import { isRunningAt, type Timeline } from '../model/clock.ts';
import { type Lettering, SYSTEM_LETTERING } from './fonts.ts';
import type { Graph, Light, Pick, Readings, Theme, ToDraw } from './messages.ts';

/** What the drawing was told last, by the page and by the pointer; each frame reads it as it is then. */
export interface Told {
  theme: Theme;
  lettering: Lettering;
  isReduced: boolean;
  graph: Graph;
  knownNodes: ReadonlySet<string>;
  knownLinks: ReadonlySet<string>;
  readings: Readings;
  light: Light | null;
  selection: Pick | null;
  hover: Pick | null;
  timeline: Timeline;
  /** When a hand was last at the map, ms as performance.now() has them. */
  touchedAt: number;
}

export const EMPTY_GRAPH: Graph = { revision: -1, nodes: [], links: [], hulls: [], linkOf: new Int32Array() };
const STILL: Timeline = { kind: 'steady', at: 0, playhead: 0, speed: 1, running: false, until: 0 };

export const nothingTold = (): Told => ({
  theme: 'light',
  lettering: SYSTEM_LETTERING,
  isReduced: false,
  graph: EMPTY_GRAPH,
  knownNodes: new Set(),
  knownLinks: new Set(),
  readings: { revision: -1, nodes: [], links: [], hulls: [] },
  light: null,
  selection: null,
  hover: null,
  timeline: STILL,
  touchedAt: performance.now(),
});

/** What a hand does, and not what comes by itself. */
export const isTouch = ({ kind }: ToDraw): boolean => TOUCHES.has(kind);

const TOUCHES: ReadonlySet<ToDraw['kind']> = new Set([
  'pointer',
  'zoom',
  'fit',
  'camera',
  'neighbour',
  'select',
  'light',
]);

export function tellGraph(told: Told, graph: Graph): void {
  told.graph = graph;
  told.knownNodes = new Set(graph.nodes.map((node) => node.id));
  told.knownLinks = new Set(graph.links.map((link) => link.id));
}

/** Whether dots move with time: not while it is paused, nor where motion is not wanted. */
export const isMovingAt = ({ timeline, isReduced }: Told, playhead: number): boolean =>
  isRunningAt(timeline, playhead) && !isReduced;
