import { isBackwards, playheadAt, speedOf } from '../model/clock.ts';
import { type DotOnScreen, dotsSeen } from './dots-seen.ts';
import type { EasedPlaces } from './eased-places.ts';
import type { FirstFrames } from './first-frames.ts';
import type { FlightBoard } from './flight-board.ts';
import type { Next } from './frame-loop.ts';
import type { AnyCanvas, KeptPicture } from './kept-picture.ts';
import type { LanePair } from './lanes.ts';
import type { MapContext } from './marked.ts';
import type { CameraPlace } from './messages.ts';
import { type Minimap, visitMarks } from './minimap.ts';
import { nextFrame } from './next-frame.ts';
import { createDotPainter } from './paint-dots.ts';
import { PALETTES } from './palette.ts';
import { createPixelFrame, isForPixels } from './pixel-frame.ts';
import type { StillPicture } from './still-picture.ts';
import { isMovingAt, type Told } from './told.ts';
import type { Viewport } from './viewport.ts';

/** One frame of the map: what stands still, as far as it is painted, the dots over it, and the map in the corner. */
export interface FramePainter {
  paint(elapsedMillis: number): Next;
  /** Those of the last frame. */
  dots(): readonly DotOnScreen[];
  /** Where one exchange's dots are now, whether or not it was in the last frame. */
  dotsOf(exchange: string): readonly DotOnScreen[];
}

export interface FrameParts {
  readonly context: MapContext;
  readonly newCanvas: () => AnyCanvas;
  readonly told: Told;
  readonly kept: KeptPicture;
  readonly still: StillPicture;
  readonly places: EasedPlaces;
  readonly viewport: Viewport;
  readonly board: FlightBoard;
  readonly minimap: Minimap;
  readonly firstFrames: FirstFrames;
  /** Undefined: the camera moves. */
  readonly lookAt: (place: CameraPlace | null | undefined) => void;
  readonly now: () => number;
}

/** Of a frame, what the picture under the dots may take: what the rest of the last one left of its time, within bounds. */
const SLICE_MILLIS = { least: 2, most: 4 } as const;
const FRAME_MILLIS_WANTED = 9;
/** After a pause nothing is in the way of doing it at once. */
const FIRST_SLICE_MILLIS = 12;

export function createFramePainter(parts: FrameParts): FramePainter {
  const { context, told, kept, still, places, viewport, board, minimap, firstFrames, lookAt, now } = parts;
  const pixels = createPixelFrame();
  const dotPainter = createDotPainter(parts.newCanvas);
  let dots: readonly DotOnScreen[] = [];
  /** Whether the frame before asked for this one. */
  let isUnderWay = false;
  /** What the last frame took beside the still picture. */
  let restMillis = 0;
  let wasCornerThere = false;

  /** Messages fly on what is looked for alone: dots on faint links would shout over it. */
  function lanesFor(link: number): LanePair | undefined {
    const stage = kept.stage();
    const shown = stage.links[stage.graph.linkOf[link] ?? -1];
    return shown?.reading.shade === undefined ? shown?.lanes : undefined;
  }

  function moveOn(elapsed: number): boolean {
    if (told.isReduced) places.finish();
    const isMoving = places.advance(elapsed);
    return viewport.advance(elapsed) || isMoving;
  }

  function paintStill(isMoving: boolean): void {
    // What moves while a picture is painted is not in it: there is one more at the end.
    if (isMoving) still.stale(true);
    if (!kept.isBusy() && still.isStale()) still.begin();
    const left = Math.max(SLICE_MILLIS.least, Math.min(SLICE_MILLIS.most, FRAME_MILLIS_WANTED - restMillis));
    kept.work(isUnderWay ? left : FIRST_SLICE_MILLIS);
  }

  /** The still picture and the dots over it, pixel by pixel where the window is not too large for that. */
  function paintMoving(local: number): void {
    const palette = PALETTES[told.theme];
    const look = { palette, ratio: viewport.size().ratio, millis: local / 1_000 };
    const { width, height } = context.canvas;
    if (isForPixels(context)) pixels.resize(width, height);
    if (!isForPixels(context) || !kept.lay(pixels, viewport.camera(), palette.ground)) {
      kept.show(context, viewport.camera(), palette.ground);
      pixels.spoil();
      dotPainter.paint(context, dots, look);
      return;
    }
    dotPainter.paint(pixels, dots, look);
    pixels.show(context);
  }

  function paintCorner(local: number): void {
    const palette = PALETTES[told.theme];
    const { ratio } = viewport.size();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const isThere = minimap.paint(context, {
      camera: viewport.camera(),
      size: viewport.size(),
      box: places.box(),
      eachMark: (visit) => visitMarks(told.graph, told.readings, places.get, visit),
      palette,
      now: local / 1_000,
    });
    // What is no longer there has left its place empty.
    if (!isThere && wasCornerThere) pixels.spoil();
    wasCornerThere = isThere;
  }

  function writeDown(): void {
    if (!firstFrames.isEnabled()) return;
    const shownAt = now();
    for (const { shown, part, phase } of dots) {
      firstFrames.see(shown.id, part, shownAt);
      if (part === 'reply' && phase === 'flying') firstFrames.see(shown.id, 'replyLeaves', shownAt);
    }
  }

  function nextFor(playhead: number, speed: number): Next {
    const waiting = dots.filter((dot) => dot.phase === 'waiting').length;
    return nextFrame({
      isRunning: isMovingAt(told, playhead),
      speed,
      playhead,
      moving: dots.length - waiting,
      waiting,
      isPainting: still.isStale() || kept.isBusy(),
      untouchedMillis: performance.now() - told.touchedAt,
      // What is seen next when time runs backwards has ended: the board knows beginnings only, so each frame is looked at.
      nextBegins: isBackwards(told.timeline) ? playhead : board.nextBegins(),
    });
  }

  return {
    paint(elapsed) {
      const isMoving = moveOn(elapsed);
      lookAt(isMoving ? undefined : viewport.place());
      paintStill(isMoving);
      const restBegan = performance.now();
      const local = now();
      const playhead = playheadAt(told.timeline, local);
      const speed = speedOf(told.timeline);
      const moved = kept.seen(viewport.camera());
      dots = told.isReduced ? [] : dotsSeen(board.at(playhead, speed), playhead, lanesFor, moved);
      paintMoving(local);
      paintCorner(local);
      writeDown();
      restMillis = performance.now() - restBegan;
      const next: Next = isMoving || still.isPressing() ? { kind: 'now' } : nextFor(playhead, speed);
      isUnderWay = next.kind === 'now';
      return next;
    },
    dots: () => dots,
    dotsOf(exchange) {
      const shown = told.isReduced ? undefined : board.get(exchange);
      const moved = kept.seen(viewport.camera());
      return shown === undefined ? [] : dotsSeen([shown], playheadAt(told.timeline, now()), lanesFor, moved);
    },
  };
}
