import type { Accounting, Level, Node, Place, Window } from '@soa-monitor/protocol';
import type { Preset } from '../find/presets.ts';
import type { CameraPlace, NodeSeen, Shade, Theme } from '../scene/messages.ts';
import type { Changes } from './changes.ts';
import type { Found, Lens } from './lens.ts';
import type { MapCommands, MapView } from './map-view.ts';

/**
 * One look at the estate: the model, its feed (live or replayed), the one clock and the scene, outside React. React reads
 * snapshots (a new one at most four times a second, and at once after a command) and gives commands; it never draws a node.
 * Times are epoch µs by the server's clock.
 */
export interface Session {
  subscribe(listener: () => void): () => void;
  getSnapshot(): SessionSnapshot;
  readonly commands: SessionCommands;
  /** Where the nodes stand now, pixels of the canvas, also outside of it. Empty while nothing is drawn. */
  drawnNodes(): Promise<readonly NodeSeen[]>;
  /** Hands the canvas to the drawing worker and begins to draw. Gives the undo. At most one canvas at a time. */
  attach(canvas: HTMLCanvasElement): () => void;
  close(): void;
}

export interface SessionSnapshot {
  readonly connection: Connection;
  readonly mode: Mode;
  /** The moment shown, and the server's present. */
  readonly playhead: number;
  readonly now: number;
  /** How far the live picture runs behind now on purpose, µs (it adapts to how late messages arrive). */
  readonly delayMicros: number;
  /** 1 in k messages is drawn as a dot. Counters are always exact. */
  readonly sample: number;
  readonly level: Level;
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  /** Over all links, in the 60 s before the playhead. */
  readonly totals: FiguresView;
  readonly selection: Selection | null;
  /** What is looked for; null: everything. */
  readonly found: Found | null;
  /** Searches with a name, kept in the view for all who share it. */
  readonly presets: readonly Preset[];
  /** Where the user has put the camera; null: the map fits itself. */
  readonly camera: CameraPlace | null;
  readonly accounting: Accounting | null;
  /** Frames the drawing worker showed in the last second, and its last frame's cost in ms. */
  readonly frames: { readonly perSecond: number; readonly costMillis: number };
  readonly theme: Theme;
  readonly mapView: MapView;
  /** What a feed could not do, in words for the user; null when all is well. */
  readonly problem: string | null;
}

export type Connection = 'connecting' | 'connected' | 'stale' | 'disconnected';

export type Mode =
  | { readonly kind: 'live' }
  /** The live picture held still; messages go on being kept. */
  | { readonly kind: 'paused' }
  | {
      readonly kind: 'replay';
      readonly window: Window;
      readonly playing: boolean;
      /** 0.1 to 1000, times real time; below 0: backwards. */
      readonly speed: number;
      /** Share of what is wanted around the playhead that has been loaded, 0 to 1. At 1 the picture there is right. */
      readonly loaded: number;
      /** The stretch of the window that has been loaded: the playhead waits at its ends. Absent: nothing yet. */
      readonly there?: Window;
      /** At its end it begins again. */
      readonly loops?: boolean;
    };

/** Counts over the 60 s before the playhead. */
export interface FiguresView {
  readonly count: number;
  readonly perSecond: number;
  readonly faults: number;
  readonly errors: number;
  /** (faults + errors) / all, 0 to 1; null when nothing ended in that minute: unknown, not zero. */
  readonly faultShare: number | null;
  readonly p95Micros: number | null;
  readonly inFlight: number;
}

/** A node at the chosen level, as of the playhead. */
export interface NodeView {
  readonly node: Node;
  /** The node's name with what it belongs to, for lists: "bank · /bank". */
  readonly label: string;
  /** As of the playhead; null for clients and the outside world. */
  readonly state: string | null;
  readonly stateReason: string | null;
  readonly stateSince: number | null;
  /** As callee. For clients: as caller. */
  readonly figures: FiguresView;
  readonly place: Place | null;
  /** Names of what contains it; absent: nothing is known to. */
  readonly within?: { readonly server: string | null; readonly machine: string | null };
  /** Known in the window, but not seen yet (or no more) at the playhead: drawn faded. */
  readonly absent: boolean;
}

export interface LinkView {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly sourceLabel: string;
  readonly targetLabel: string;
  readonly figures: FiguresView;
  /** The links of endpoint level that it sums up. */
  readonly members?: readonly string[];
  /** At operation level: those whose calls it is. Its figures are of the minute before a moment some seconds ago. */
  readonly operations?: readonly string[];
  /** Of the links between the same two nodes, the how manieth. */
  readonly rank?: number;
}

export type Selection =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'link'; readonly id: string }
  | { readonly kind: 'exchange'; readonly id: string };

export interface SessionCommands {
  setLevel(level: Level): void;
  setTheme(theme: Theme): void;
  setReducedMotion(reduced: boolean): void;
  select(selection: Selection | null): void;
  /** Live only: hold the picture, or let it run on. In replay: pause and play. */
  pause(): void;
  play(): void;
  goLive(): void;
  /** Opens a past window, paused at its beginning unless told to play. */
  replay(window: Window, options?: { readonly playing?: boolean; readonly at?: number; readonly speed?: number }): void;
  seek(at: number): void;
  /** Below 0: backwards. */
  setSpeed(speed: number): void;
  /** Replay: at the end of the window begin again. */
  setLoop(loops: boolean): void;
  /** To the next (1) or previous (−1) message after the playhead; opens a replay of the last minute when live. */
  step(direction: 1 | -1): void;
  /** To the next or previous exchange that failed, within a window, which is replayed if none is; selects it. */
  stepFault(direction: 1 | -1, within: Window): void;
  /** Keeps a node where it is (true), or lets the forces have it again. */
  pin(node: string, pinned: boolean): void;
  /** d3-force's many-body strength; null: the default. */
  setCharge(node: string, charge: number | null): void;
  resetPlaces(): void;
  /** Keeps a search under a name, for all who share the view; null: no longer. */
  keepPreset(name: string, text: string | null): void;
  readonly map: MapCommands;
  zoom(factor: number): void;
  fit(): void;
  /** Null: the map fits itself again. */
  setCamera(camera: CameraPlace | null): void;
  /** Looks for something; the rest is dimmed or hidden. Null: all is shown. */
  look(lens: Lens | null, rest: Shade): void;
  /** Marks what became otherwise between two windows; null: nothing is compared. */
  markChanges(changes: Changes | null): void;
  /** Moves the keyboard's node to the nearest neighbour in a direction, and selects it. */
  moveSelection(direction: 'up' | 'down' | 'left' | 'right'): void;
}
