import type { NodeKind, Place } from '@soa-monitor/protocol';
import type { Timeline } from '../model/clock.ts';
import type { Part, Phase } from '../model/dots.ts';
import type { PackedReadings } from './pack-readings.ts';

/**
 * What passes between the page, the layout worker and the drawing worker. Positions go from the one worker to the other by
 * a port of their own, never through the page. Lengths in `Graph` and `Readings` are scene units; pointers are CSS pixels.
 */
export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Which server or machine it belongs to, for who looks closer. */
  readonly belongsTo: string;
  /** Indexes of hulls that contain it, outermost first. */
  readonly hulls: readonly number[];
}

export interface GraphLink {
  readonly id: string;
  /** Indexes of nodes. */
  readonly source: number;
  readonly target: number;
  /** The operation whose calls it is, where links are split by it. */
  readonly name?: string;
  /** Of the links between the same two nodes, the how manieth: each bows further than the one before. */
  readonly rank?: number;
}

export interface GraphHull {
  readonly id: string;
  readonly kind: 'machine' | 'server';
  readonly name: string;
  readonly members: readonly number[];
}

export interface Graph {
  readonly revision: number;
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
  readonly hulls: readonly GraphHull[];
  /** Number of a link of endpoint level (as flights name it) → index in `links`, or −1. */
  readonly linkOf: Int32Array;
}

/** What changes a few times a second. Arrays run parallel to those of the graph of the same revision. */
export interface Readings {
  readonly revision: number;
  readonly nodes: readonly NodeReading[];
  readonly links: readonly LinkReading[];
  /** Worst state of each hull. */
  readonly hulls: readonly (string | null)[];
}

export interface NodeReading {
  /** Null: has no state (clients, the outside world). */
  readonly state: string | null;
  readonly perSecond: number;
  readonly inFlight: number;
  readonly absent: boolean;
  readonly pinned: boolean;
  readonly shade?: Shade;
  readonly change?: ChangeMark;
}

/** Not what is looked for: drawn faint, or not at all. Its place stays its own either way. */
export type Shade = 'dimmed' | 'hidden';

/** Two windows compared: drawn solid, dashed, or as a plate with a sign. */
export type ChangeMark = 'added' | 'gone' | 'changed';

/** The scene point in the middle of the canvas. */
export interface CameraPlace {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface LinkReading {
  readonly perSecond: number;
  readonly p95Micros: number | null;
  readonly faultShare: number | null;
  readonly inFlight: number;
  /** Its target is down, or errors prevail: drawn dashed. */
  readonly broken: boolean;
  readonly absent: boolean;
  readonly shade?: Shade;
  readonly change?: ChangeMark;
}

/** Exchanges as columns, NaN for what is not known; `ids`, `links` and `outcomes` in the same order. */
export interface FlightBatch {
  readonly ids: readonly string[];
  /** requestSent, requestReceived, replySent, replyReceived, durationMicros: five to an exchange. */
  readonly times: Float64Array;
  readonly links: Int32Array;
  /** Outcome code; −1 in flight. */
  readonly outcomes: Int8Array;
}

export const TIMES_PER_FLIGHT = 5;

export type Theme = 'light' | 'dark' | 'contrast';

export type Pick =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'link'; readonly id: string }
  | { readonly kind: 'exchange'; readonly id: string };

export type Direction = 'up' | 'down' | 'left' | 'right';

export type Pointer =
  | { readonly kind: 'down' | 'move' | 'up'; readonly x: number; readonly y: number }
  | { readonly kind: 'wheel'; readonly x: number; readonly y: number; readonly deltaY: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'double'; readonly x: number; readonly y: number };

export type ToDraw =
  | { readonly kind: 'canvas'; readonly canvas: OffscreenCanvas; readonly layout: MessagePort }
  | { readonly kind: 'size'; readonly width: number; readonly height: number; readonly ratio: number }
  | { readonly kind: 'theme'; readonly theme: Theme }
  | { readonly kind: 'reducedMotion'; readonly reduced: boolean }
  | { readonly kind: 'graph'; readonly graph: Graph }
  | { readonly kind: 'readings'; readonly readings: PackedReadings }
  | {
      readonly kind: 'flights';
      readonly batch: FlightBatch;
      readonly gone: readonly string[];
      readonly replace: boolean;
    }
  | { readonly kind: 'timeline'; readonly timeline: Timeline }
  | { readonly kind: 'select'; readonly selection: Pick | null }
  | { readonly kind: 'light'; readonly light: Light | null }
  | { readonly kind: 'recordFrames'; readonly enable: boolean }
  | { readonly kind: 'pointer'; readonly pointer: Pointer }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'fit' }
  /** Null: the map fits itself again. */
  | { readonly kind: 'camera'; readonly camera: CameraPlace | null }
  | { readonly kind: 'neighbour'; readonly from: string | null; readonly direction: Direction }
  | { readonly kind: 'firstFrames'; readonly enable: boolean; readonly clockOffsetMicros: number }
  | { readonly kind: 'ask'; readonly ask: Ask; readonly question: number };

/** What alone stands in the light, the rest being dim: so many hops around a node, the shortest way, or what is named. */
export type Light =
  | { readonly kind: 'hops'; readonly from: string; readonly hops: number }
  | { readonly kind: 'path'; readonly from: string; readonly to: string }
  | { readonly kind: 'only'; readonly nodes: readonly string[]; readonly links: readonly string[] };

/** How much of the map is drawn: `nodes` and `links` of so many, the rest closed in their servers or machines. */
export interface DetailTold {
  readonly shown: 'all' | 'server' | 'machine';
  readonly marks: number;
  readonly nodes: number;
}

/** What tests and the bench may ask. */
export type Ask =
  | { readonly kind: 'frameTimes' }
  | { readonly kind: 'dot'; readonly exchange: string }
  | { readonly kind: 'nodes' }
  | { readonly kind: 'firstFrames' };

export interface DotSeen {
  readonly part: Part;
  readonly x: number;
  readonly y: number;
  /** Share of its lane, 0 where it left and 1 where it lands. */
  readonly t: number;
  readonly phase: Phase;
}

export interface NodeSeen {
  readonly id: string;
  readonly name: string;
  /** "bank on meridian": the names of its hulls. */
  readonly belongsTo: string;
  readonly kind: NodeKind;
  readonly x: number;
  readonly y: number;
  readonly state: string | null;
}

/** `replyLeaves`: the frame in which the dot rule let a reply go, that may have been docked before. */
export type SeenPart = Part | 'replyLeaves';

/** The frame that first showed a message: its exchange, which part, and when by the server's clock, µs. */
export interface FirstFrame {
  readonly exchange: string;
  readonly part: SeenPart;
  readonly at: number;
}

export type FromDraw =
  | { readonly kind: 'picked'; readonly pick: Pick | null }
  | { readonly kind: 'hover'; readonly over: 'node' | 'link' | 'dot' | 'dragging' | null }
  | { readonly kind: 'dropped'; readonly node: string; readonly x: number; readonly y: number }
  /** Where the camera has come to rest by the user's hand; null: it fits the map by itself. */
  | { readonly kind: 'camera'; readonly camera: CameraPlace | null }
  | { readonly kind: 'frames'; readonly perSecond: number; readonly costMillis: number }
  | { readonly kind: 'detail'; readonly detail: DetailTold }
  /** What a light fell on; null: no such node, or no way. */
  | { readonly kind: 'lit'; readonly lit: { readonly nodes: number; readonly links: number } | null }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: Answered };

/** Of each frame since it was asked last: ms since the one before, and what it held its thread, painting included. */
export interface FrameTime {
  readonly sinceLast: number;
  readonly held: number;
}

export type Answered =
  | { readonly kind: 'frameTimes'; readonly frames: readonly FrameTime[] }
  | { readonly kind: 'dot'; readonly dot: DotSeen | null }
  | { readonly kind: 'nodes'; readonly nodes: readonly NodeSeen[] }
  | { readonly kind: 'firstFrames'; readonly frames: readonly FirstFrame[] };

export interface LayoutBody {
  readonly id: string;
  readonly kind: NodeKind;
  /** Groups that it keeps together with, outermost first. */
  readonly groups: readonly string[];
  readonly place: Place | null;
  /** Where to begin if it has no place: a node that it stands for, or stood for it, at another level. */
  readonly hint: { readonly x: number; readonly y: number } | null;
}

export interface LayoutLink {
  readonly source: number;
  readonly target: number;
}

export type ToLayout =
  | { readonly kind: 'draw'; readonly port: MessagePort }
  | {
      readonly kind: 'graph';
      readonly revision: number;
      readonly bodies: readonly LayoutBody[];
      readonly links: readonly LayoutLink[];
    }
  /** Null: the forces may have it again. */
  | { readonly kind: 'place'; readonly node: string; readonly place: Place | null }
  | { readonly kind: 'forces'; readonly forces: LayoutForces }
  /** Another arrangement of the same map; places are kept only of the one that forces make. */
  | { readonly kind: 'arrange'; readonly arrangement: Arrangement }
  | { readonly kind: 'afresh' };

/** Adjustable for the whole map; a charge of a node's own stays. */
export interface LayoutForces {
  readonly charge: number;
  readonly linkLength: number;
  /** Pull towards the middle, relative to what is usual. */
  readonly gravity: number;
}

export type Arrangement = 'force' | 'layered' | 'machines';

export type FromLayout = {
  readonly kind: 'settled';
  readonly revision: number;
  readonly ids: readonly string[];
  /** x, y of each. */
  readonly positions: Float32Array;
};

export type LayoutToDraw = { readonly revision: number; readonly positions: Float32Array };

export type DrawToLayout =
  /** A hand is on the map. */
  | { readonly kind: 'touched' }
  | { readonly kind: 'drag'; readonly node: number; readonly revision: number; readonly x: number; readonly y: number }
  | { readonly kind: 'drop'; readonly node: number; readonly revision: number };
