import type { Detail } from './detail.ts';
import type { EasedPlaces } from './eased-places.ts';
import type { KeptPicture } from './kept-picture.ts';
import { litBy, litByHover } from './light.ts';
import type { DetailTold } from './messages.ts';
import { paintChanges } from './paint-changes.ts';
import { paintLabels } from './paint-labels.ts';
import { paintMap } from './paint-map.ts';
import { PALETTES } from './palette.ts';
import { stageOf } from './stage.ts';
import { createTextWidths } from './text-widths.ts';
import type { Told } from './told.ts';
import type { Viewport } from './viewport.ts';

/** Everything but the dots: painted anew when something of it has changed. */
export interface StillPicture {
  /** `isPressing`: it is painted as soon as can be, else when frames come anyway. */
  stale(isPressing: boolean): void;
  isStale(): boolean;
  /** Whether something that presses is not seen yet. */
  isPressing(): boolean;
  /** Begins a new one as all is now. */
  begin(): void;
}

export interface StillPictureParts {
  readonly told: Told;
  readonly kept: KeptPicture;
  readonly detail: Detail;
  readonly places: EasedPlaces;
  readonly viewport: Viewport;
  readonly tellDetail: (detail: DetailTold) => void;
}

export function createStillPicture({
  told,
  kept,
  detail,
  places,
  viewport,
  tellDetail,
}: StillPictureParts): StillPicture {
  const widths = createTextWidths();
  let isStale = true;
  /** Of what is stale, and of what is being painted. */
  let isPressing = { stale: true, begun: true };
  let lastTold: DetailTold | null = null;

  function tellOnce(next: DetailTold): void {
    if (lastTold?.shown === next.shown && lastTold.marks === next.marks && lastTold.nodes === next.nodes) return;
    lastTold = next;
    tellDetail(next);
  }

  return {
    stale(presses) {
      isStale = true;
      isPressing = { ...isPressing, stale: isPressing.stale || presses };
    },
    isStale: () => isStale,
    isPressing: () => isPressing.stale || (isPressing.begun && kept.isBusy()),
    begin() {
      isStale = false;
      isPressing = { begun: isPressing.stale, stale: false };
      const { selection, hover, light, theme, lettering, isReduced } = told;
      const size = viewport.size();
      const camera = viewport.camera();
      const palette = PALETTES[theme];
      kept.begin(camera, function* paint(onto) {
        detail.sumUp();
        yield;
        const shown = detail.at(camera, size, places.get);
        tellOnce({ shown: shown.detail, marks: shown.graph.nodes.length, nodes: told.graph.nodes.length });
        yield;
        const stage = yield* stageOf(shown, camera, size);
        const lit = light === null ? litByHover(stage.graph, hover) : litBy(stage.graph, light);
        const marked = { selection, hover, lit };
        yield* paintMap(onto, stage, palette, size, marked);
        yield* paintLabels({ context: onto, lettering, widths }, stage, palette, size, marked, isReduced);
        paintChanges(onto, stage, palette);
        return stage;
      });
    },
  };
}
