import { boxOf, type Point } from './camera.ts';
import type { Detail } from './detail.ts';
import type { DotOnScreen } from './dots-seen.ts';
import type { EasedPlaces } from './eased-places.ts';
import { createGestures } from './gestures.ts';
import { hitAt } from './hit.ts';
import type { KeptPicture } from './kept-picture.ts';
import type { DrawToLayout, FromDraw, Pick, Pointer } from './messages.ts';
import { createSteering, type Minimap } from './minimap.ts';
import type { Told } from './told.ts';
import type { Viewport } from './viewport.ts';

/** What the pointer does to the map: looks, picks, pans, drags, and steers by the map in the corner. */
export interface Pointing {
  obey(pointer: Pointer): void;
  /** The node that is under the pointer's hand. */
  dragged(): string | null;
}

export interface PointingParts {
  readonly told: Told;
  readonly kept: KeptPicture;
  readonly detail: Detail;
  readonly places: EasedPlaces;
  readonly viewport: Viewport;
  readonly minimap: Minimap;
  readonly dots: () => readonly DotOnScreen[];
  readonly tell: (message: FromDraw) => void;
  readonly layout: (message: DrawToLayout) => void;
  readonly stale: () => void;
  readonly showAll: () => void;
}

export function createPointing(parts: PointingParts): Pointing {
  const { told, kept, detail, places, viewport, minimap, dots, tell, layout, stale, showAll } = parts;
  let dragged: string | null = null;

  const steer = createSteering(minimap, (to) => {
    const { zoom } = viewport.camera();
    const { width, height } = viewport.size();
    viewport.move({ zoom, x: width / 2 - to.x * zoom, y: height / 2 - to.y * zoom });
    stale();
  });

  const gesture = createGestures({
    camera: viewport.camera,
    moveCamera(next) {
      viewport.move(next);
      stale();
    },
    pickAt,
    hover: point,
    picked(pick) {
      if (pick?.kind === 'node' && isClosed(pick.id)) return open(pick.id);
      tell({ kind: 'picked', pick });
    },
    drag(node, to) {
      const { graph } = told;
      const index = graph.nodes.findIndex((one) => one.id === node);
      if (index < 0) return;
      dragged = node;
      viewport.hold();
      places.put(node, to);
      tell({ kind: 'hover', over: 'dragging' });
      layout({ kind: 'drag', node: index, revision: graph.revision, ...to });
      stale();
    },
    drop(node, at) {
      dragged = null;
      const { graph } = told;
      const index = graph.nodes.findIndex((one) => one.id === node);
      layout({ kind: 'drop', node: index, revision: graph.revision });
      tell({ kind: 'dropped', node, ...at });
      tell({ kind: 'hover', over: 'node' });
    },
    showAll,
  });

  function pickAt(at: Point): Pick | null {
    const { x, y, scale } = kept.seen(viewport.camera());
    const found = hitAt(kept.stage(), dots(), at, { x: (at.x - x) / scale, y: (at.y - y) / scale });
    // A sum of links is nobody's: there is nothing to be told of it.
    return found?.kind === 'link' && !told.knownLinks.has(found.id) ? null : found;
  }

  function isClosed(id: string): boolean {
    return !told.knownNodes.has(id);
  }

  /** Goes so near to a closed mark that it opens. */
  function open(id: string): void {
    const [first, ...others] = detail.within(id, places.get);
    if (first === undefined) return;
    viewport.go(boxOf([first, ...others]));
    stale();
  }

  function point(pick: Pick | null): void {
    if (pick?.kind === told.hover?.kind && pick?.id === told.hover?.id) return;
    told.hover = pick;
    tell({ kind: 'hover', over: pick === null ? null : pick.kind === 'exchange' ? 'dot' : pick.kind });
    stale();
  }

  return {
    obey(pointer) {
      if (!steer(pointer)) gesture(pointer);
    },
    dragged: () => dragged,
  };
}
