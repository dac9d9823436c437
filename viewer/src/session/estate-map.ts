import type { Level, Place } from '@soa-monitor/protocol';
import { createFiguresAt, type FiguresAt } from '../model/figures-at.ts';
import { type LevelGraph, levelGraph } from '../model/levels.ts';
import type { Picture } from '../model/picture.ts';
import type { FromLayout, LinkReading, NodeReading, Readings, Shade } from '../scene/messages.ts';
import type { Scene } from '../scene/scene.ts';
import { type Changes, withChanges } from './changes.ts';
import type { LinkNumbers } from './flight-batch.ts';
import { graphMessage, layoutMessage } from './graph-message.ts';
import { type Found, type Lens, shaded } from './lens.ts';
import type { Operations } from './operations.ts';
import type { Places } from './places.ts';
import { same } from './snapshot.ts';
import { type Views, viewsAt } from './views.ts';

/** What is looked for, and what becomes of the rest. */
export interface Look {
  readonly lens: Lens | null;
  readonly rest: Shade;
  /** Two windows compared; null: none are. */
  readonly changes: Changes | null;
}

/** Brings a picture at a level onto the scene, and keeps the places that come of it. */
export interface EstateMap {
  /** Sends the graph if it is another than before, and the readings; gives what React shows. */
  show(
    picture: Picture,
    level: Level,
    playhead: number,
    sample: number,
    look: Look,
    operations: Operations | null,
  ): Views & { readonly found: Found | null };
  /** Places were changed elsewhere: the graph is laid out anew from them. */
  placesChanged(): void;
  settled(message: FromLayout): void;
  pin(node: string, pinned: boolean): void;
  setCharge(node: string, charge: number | null): void;
  dropped(node: string, x: number, y: number): void;
  reset(): void;
}

export interface EstateMapParts {
  readonly scene: Scene;
  readonly places: Places;
  readonly numbers: LinkNumbers;
  /** After each graph that the scene is sent. */
  readonly graphSent: () => void;
}

export function createEstateMap({ scene, places, numbers, graphSent }: EstateMapParts): EstateMap {
  let revision = 0;
  let shown: { picture: Picture; level: Level; topology: number; links: number; operations: number } | null = null;
  let graph: LevelGraph | null = null;
  let told: Readings | null = null;
  let figures: { picture: Picture; at: FiguresAt } | null = null;
  /** Where each node stands now, kept or not. */
  const standing = new Map<string, { x: number; y: number }>();

  function figuresOf(picture: Picture): FiguresAt {
    if (figures?.picture !== picture) figures = { picture, at: createFiguresAt(picture) };
    return figures.at;
  }

  function graphOf(picture: Picture, level: Level, operations: Operations | null): LevelGraph {
    const topology = picture.topologyRevision();
    for (const link of picture.links().keys()) numbers.of(link);
    const links = numbers.all().size;
    const isAsBefore = shown?.picture === picture && shown.level === level && shown.topology === topology;
    const known = operations?.revision() ?? -1;
    if (graph !== null && isAsBefore && shown?.links === links && shown.operations === known) return graph;
    shown = { picture, level, topology, links, operations: known };
    const whole = levelGraph({ nodes: picture.nodes(), links: picture.links() }, level);
    graph = operations?.split(whole) ?? whole;
    revision++;
    const { bodies, links: pulls } = layoutMessage(graph, picture.nodes(), places.get);
    scene.graph(graphMessage(graph, picture.nodes(), numbers, revision), bodies, pulls);
    graphSent();
    return graph;
  }

  function change(node: string, changed: (place: Place) => Place): void {
    const at = places.get(node) ?? standing.get(node);
    if (at === undefined) return;
    const place = changed({ pinned: false, ...at });
    places.keep(node, place);
    scene.place({ kind: 'place', node, place });
  }

  return {
    show(picture, level, playhead, sample, { lens, rest, changes }, operations) {
      const levelShown = graphOf(picture, level, operations);
      const split = operations === null ? {} : { operations };
      const parts = { picture, figures: figuresOf(picture), level: levelShown, placeOf: places.get, ...split };
      const views = viewsAt(parts, playhead, sample, revision);
      // What reads as before is not painted again: a quiet map rests.
      const found = lens === null ? null : lens(views.nodes, views.links);
      const readings = withChanges(shaded(views, found, rest), views, changes);
      if (!areSame(told, readings)) scene.readings(readings);
      told = readings;
      return { ...views, readings, found };
    },
    placesChanged() {
      shown = null;
    },
    settled(message) {
      if (message.revision !== revision) return;
      for (const [index, node] of message.ids.entries()) {
        const x = rounded(message.positions[index * 2]);
        const y = rounded(message.positions[index * 2 + 1]);
        standing.set(node, { x, y });
        const kept = places.get(node);
        if (kept?.pinned !== true) places.keep(node, { ...kept, x, y, pinned: false });
      }
    },
    dropped(node, x, y) {
      standing.set(node, { x, y });
      change(node, (place) => ({ ...place, x: rounded(x), y: rounded(y), pinned: true }));
    },
    pin: (node, pinned) => change(node, (place) => ({ ...place, pinned })),
    setCharge: (node, charge) =>
      change(node, ({ charge: _, ...place }) => (charge === null ? place : { ...place, charge })),
    reset() {
      places.clear();
      standing.clear();
      scene.afresh();
    },
  };
}

function areSame(before: Readings | null, next: Readings): boolean {
  if (before === null || before.revision !== next.revision) return false;
  return (
    next.nodes.every((node, index) => isSame(node, before.nodes[index])) &&
    next.links.every((link, index) => isSame(link, before.links[index])) &&
    next.hulls.every((state, index) => state === before.hulls[index])
  );
}

const isSame = (reading: NodeReading | LinkReading, before: NodeReading | LinkReading | undefined): boolean =>
  before !== undefined && same(before, reading) === before;

const rounded = (units: number | undefined): number => Math.round((units ?? 0) * 10) / 10;
