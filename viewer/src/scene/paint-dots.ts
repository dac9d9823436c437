import { breathAt, isBad, LOOKS, lookOf, paintDot, sizeOf } from './dot-look.ts';
import type { DotOnScreen } from './dots-seen.ts';
import { type AnyCanvas, contextOf } from './kept-picture.ts';
import type { MapContext } from './marked.ts';
import type { Palette } from './palette.ts';
import { type PixelFrame, pixelsOf, type Stamp, stampOf } from './pixel-frame.ts';

/** Dots that look alike are painted once and stamped: 5,000 discs a frame are too many to draw, and few to copy. */
export interface DotPainter {
  /** Faults and errors come last, on top. */
  paint(onto: MapContext | PixelFrame, dots: readonly DotOnScreen[], look: DotLook): void;
}

export interface DotLook {
  readonly palette: Palette;
  /** Device pixels to a CSS pixel. */
  readonly ratio: number;
  readonly millis: number;
}

interface DotStamp {
  readonly canvas: AnyCanvas;
  /** Device pixels. */
  readonly side: number;
  readonly pixels: Stamp;
}

/** A dot stands at one of so many places within a pixel, each way: whole pixels would be seen to jump. */
const PARTS = 4;

export function createDotPainter(newCanvas: () => AnyCanvas): DotPainter {
  const stamps: (DotStamp | undefined)[] = [];
  let stampedFor = '';

  function stampFor(dot: DotOnScreen, look: DotLook, breath: number, column: number, row: number): DotStamp {
    const key = (row * PARTS + column) * LOOKS + lookOf(dot, breath);
    const known = stamps[key];
    if (known !== undefined) return known;
    const canvas = newCanvas();
    const size = sizeOf(dot);
    // One more than it needs: room for where within the pixel it stands.
    const side = Math.ceil(size * look.ratio) + 1;
    canvas.width = side;
    canvas.height = side;
    const context = contextOf(canvas, { willReadFrequently: true, alpha: true });
    const [x, y] = [(side >> 1) + (column + 0.5) / PARTS, (side >> 1) + (row + 0.5) / PARTS];
    context.setTransform(look.ratio, 0, 0, look.ratio, x, y);
    paintDot(context, { ...dot, x: 0, y: 0 }, look.palette, breath);
    const stamp = { canvas, side, pixels: stampOf(pixelsOf(context)) };
    stamps[key] = stamp;
    return stamp;
  }

  function stampAll(
    dots: readonly DotOnScreen[],
    look: DotLook,
    put: (dot: DotOnScreen, stamp: DotStamp) => void,
  ): void {
    const breath = breathAt(look.millis);
    const { ratio } = look;
    const stampAt = (dot: DotOnScreen): void =>
      put(dot, stampFor(dot, look, breath, partOf(dot.x * ratio), partOf(dot.y * ratio)));
    let bad = 0;
    for (const dot of dots) {
      if (isBad(dot)) bad++;
      else stampAt(dot);
    }
    if (bad > 0) for (const dot of dots) if (isBad(dot)) stampAt(dot);
  }

  return {
    paint(onto, dots, look) {
      const { ratio, palette } = look;
      const wanted = `${palette.ground} ${ratio}`;
      if (wanted !== stampedFor) stamps.length = 0;
      stampedFor = wanted;
      // The stamp's middle is where its dot stands, whole pixels; the rest is in the stamp.
      if ('stamp' in onto) {
        stampAll(dots, look, (dot, { pixels, side }) =>
          onto.stamp(pixels, Math.floor(dot.x * ratio) - (side >> 1), Math.floor(dot.y * ratio) - (side >> 1)),
        );
        return;
      }
      onto.setTransform(1, 0, 0, 1, 0, 0);
      onto.imageSmoothingEnabled = false;
      stampAll(dots, look, (dot, { canvas, side }) =>
        onto.drawImage(canvas, Math.floor(dot.x * ratio) - (side >> 1), Math.floor(dot.y * ratio) - (side >> 1)),
      );
    },
  };
}

const partOf = (at: number): number => Math.floor((at - Math.floor(at)) * PARTS);
