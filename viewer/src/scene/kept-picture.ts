import type { Box, Camera, Point } from './camera.ts';
import type { MapContext } from './marked.ts';
import { isForPixels, type PixelFrame, type Pixels, pixelOf, readRows } from './pixel-frame.ts';
import type { Stage } from './stage.ts';
import type { Sizes } from './viewport.ts';

/**
 * What stands still under the dots, on two canvases: one is shown while the next is painted on the other, a little of it in
 * each frame. Until that is done, the shown one is laid where the camera would see it, so panning and zooming never wait.
 */
export interface KeptPicture {
  resize(size: Sizes): void;
  /** Begins to paint, in place of what was begun and not finished; what was painted comes at the end. */
  begin(camera: Camera, paint: (context: MapContext) => Generator<void, Stage>): void;
  isBusy(): boolean;
  /** Paints on for so many ms; whether the picture was finished by it. */
  work(millis: number): boolean;
  /** Lays the finished one on the canvas, as seen by the camera; what is beside it is ground. */
  show(context: MapContext, camera: Camera, ground: string): void;
  /** The same, on a frame of pixels; false: it was painted too large for that. */
  lay(frame: PixelFrame, camera: Camera, ground: string): boolean;
  /** The finished one's geometry, and how it is seen through a camera. */
  stage(): Stage;
  seen(camera: Camera): Moved;
}

/** From the picture's pixels to the screen's: screen = picture × scale + (x, y). */
export interface Moved extends Point {
  readonly scale: number;
}

export type AnyCanvas = OffscreenCanvas | HTMLCanvasElement;

export function createKeptPicture(newCanvas: () => AnyCanvas, empty: Stage): KeptPicture {
  let front = sheetOf(newCanvas(), empty);
  let back = sheetOf(newCanvas(), empty);
  let size: Sizes = { width: 1, height: 1, ratio: 1 };
  let rest: Generator<void, Stage> | null = null;

  /** Where the finished one is seen, device pixels. */
  function boxSeen(camera: Camera): Box {
    const { x, y, scale } = movedFrom(front.camera, camera);
    const perPixel = (scale * size.ratio) / front.ratio;
    const [left, top] = [Math.round(x * size.ratio), Math.round(y * size.ratio)];
    const { width, height } = front.canvas;
    return { left, top, right: left + Math.round(width * perPixel), bottom: top + Math.round(height * perPixel) };
  }

  return {
    resize(next) {
      size = next;
      rest = null;
    },
    begin(camera, paint) {
      const { canvas, context } = back;
      const [width, height] = [
        Math.max(1, Math.round(size.width * size.ratio)),
        Math.max(1, Math.round(size.height * size.ratio)),
      ];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
      if (back.pixels.width !== width || back.pixels.height !== height) {
        back = { ...back, pixels: { width, height, data: new Int32Array(isForPixels(context) ? width * height : 0) } };
      }
      // Another object each time: it is how a frame knows that the picture under its dots is another.
      back = { ...back, camera, ratio: size.ratio, pixels: { ...back.pixels } };
      rest = paintAndRead(back, paint(context));
    },
    isBusy: () => rest !== null,
    work(millis) {
      const until = performance.now() + millis;
      while (rest !== null) {
        const step = rest.next();
        // Without a GPU strokes are only written down until somebody looks: a look makes this slice bear its own cost.
        back.context.getImageData(0, 0, 1, 1);
        if (step.done === true) {
          rest = null;
          [front, back] = [{ ...back, stage: step.value }, front];
          return true;
        }
        if (performance.now() >= until) return false;
      }
      return false;
    },
    show(context, camera, ground) {
      const { left, top, right, bottom } = boxSeen(camera);
      const { width, height } = context.canvas;
      context.setTransform(1, 0, 0, 1, 0, 0);
      if (left > 0 || top > 0 || right < width || bottom < height) {
        context.fillStyle = ground;
        context.fillRect(0, 0, width, height);
      }
      // Seen for a few frames only: plain pixels are several times as cheap as smoothed ones.
      context.imageSmoothingEnabled = false;
      context.drawImage(front.canvas, left, top, right - left, bottom - top);
    },
    lay(frame, camera, ground) {
      if (front.pixels.data.length === 0) return false;
      frame.lay(front.pixels, boxSeen(camera), pixelOf(ground));
      return true;
    },
    stage: () => front.stage,
    seen: (camera) => movedFrom(front.camera, camera),
  };
}

function movedFrom(from: Camera, to: Camera): Moved {
  const scale = to.zoom / from.zoom;
  return { scale, x: to.x - from.x * scale, y: to.y - from.y * scale };
}

interface Sheet {
  readonly canvas: AnyCanvas;
  readonly context: MapContext;
  readonly stage: Stage;
  readonly camera: Camera;
  readonly ratio: number;
  /** What is painted on it, once it is finished. */
  readonly pixels: Pixels;
}

/** Rows of a picture that are read at once: all of them hold a frame for as long as a slice of painting does. */
const ROWS_AT_ONCE = 240;

function* paintAndRead({ context, pixels }: Sheet, painting: Generator<void, Stage>): Generator<void, Stage> {
  const stage = yield* painting;
  if (pixels.data.length === 0) return stage;
  for (let top = 0; top < pixels.height; top += ROWS_AT_ONCE) {
    if (top > 0) yield;
    readRows(context, pixels, top, Math.min(ROWS_AT_ONCE, pixels.height - top));
  }
  return stage;
}

const NOTHING: Pixels = { width: 1, height: 1, data: new Int32Array(1) };

function sheetOf(canvas: AnyCanvas, stage: Stage): Sheet {
  // Read back after each slice: such a canvas lives in memory, and is handed to the GPU once it is finished.
  const context = contextOf(canvas, { alpha: false, willReadFrequently: true });
  return { canvas, context, stage, camera: { x: 0, y: 0, zoom: 1 }, ratio: 1, pixels: NOTHING };
}

export function contextOf(canvas: AnyCanvas, settings: CanvasRenderingContext2DSettings): MapContext {
  const context = isOnPage(canvas) ? canvas.getContext('2d', settings) : canvas.getContext('2d', settings);
  if (context === null) throw new Error('this browser gives no 2D context to a canvas');
  return context;
}

/** A worker does not know the kind. */
const isOnPage = (canvas: AnyCanvas): canvas is HTMLCanvasElement =>
  typeof HTMLCanvasElement !== 'undefined' && canvas instanceof HTMLCanvasElement;
