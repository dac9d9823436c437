import type { Box } from './camera.ts';
import type { MapContext } from './marked.ts';
import { createPatches } from './patches.ts';

/** A picture as numbers, one to a pixel, row by row: red, green, blue, alpha from the lowest byte on (as canvases give them). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Int32Array;
}

/**
 * A frame that is put together pixel by pixel and given to the canvas as a whole. A canvas without a GPU needs 3 µs for each
 * small image that is copied onto it, and a wait for all of them; this needs a tenth of it (docs/performance.md). Where the
 * picture is the one before, only what was stamped on it then or is now is touched and handed over.
 */
export interface PixelFrame {
  resize(width: number, height: number): void;
  /** Something else was painted on the canvas: all of the next frame is handed over. */
  spoil(): void;
  /**
   * Fills it with a picture stretched to a box; what lies beside the box is ground. A picture that has changed must come as
   * another object.
   */
  lay(picture: Pixels, onto: Box, ground: number): void;
  /** A rectangle of one colour, as far as it lies within. */
  fill(colour: number, left: number, top: number, wide: number, high: number): void;
  /** Lays a small picture over it, as far as it lies within. */
  stamp(stamp: Stamp, left: number, top: number): void;
  show(context: MapContext): void;
}

export type NewImage = (width: number, height: number) => ImageData;

export function createPixelFrame(newImage: NewImage = imageOf): PixelFrame {
  let image: ImageData | null = null;
  let [width, height] = [1, 1];
  let data = new Int32Array(1);
  let columns = new Int32Array(1);
  /** What lies under the stamps, pixel for pixel; null: it is no such picture. */
  let under: { readonly picture: Pixels; readonly left: number; readonly top: number; readonly ground: number } | null =
    null;
  const stamped = createPatches();
  /** What the canvas has not been given yet. */
  const due = createPatches();

  /** Pixel for pixel, within a rectangle of the frame: whole rows at once. */
  function shift({ picture, left, top, ground }: NonNullable<typeof under>, within: Box): void {
    const [from, to] = [Math.max(within.left, left), Math.min(within.right, left + picture.width)];
    for (let y = within.top; y < within.bottom; y++) {
      const [row, at] = [y - top, y * width];
      if (row < 0 || row >= picture.height || from >= to) {
        data.fill(ground, at + within.left, at + within.right);
        continue;
      }
      const start = row * picture.width;
      data.set(picture.data.subarray(start + from - left, start + to - left), at + from);
      if (from > within.left) data.fill(ground, at + within.left, at + from);
      if (to < within.right) data.fill(ground, at + to, at + within.right);
    }
  }

  /** Takes away what was stamped, if that is all that is to be done; whether it was. */
  function clean(picture: Pixels, left: number, top: number, ground: number): boolean {
    const before = under;
    const isSame = before?.picture === picture && before.left === left && before.top === top;
    if (before === null || !isSame || before.ground !== ground || stamped.isAll()) return false;
    stamped.each((from, above, to, below) => {
      shift(before, { left: from, top: above, right: to, bottom: below });
      due.add(from, above, to, below);
    });
    return true;
  }

  /** The nearest pixel: it is seen for a few frames only, while the camera moves. */
  function stretch(picture: Pixels, { left, top, right, bottom }: Box, ground: number): void {
    const [perColumn, perRow] = [picture.width / (right - left), picture.height / (bottom - top)];
    const [from, to] = [Math.min(width, Math.max(0, left)), Math.max(0, Math.min(width, right))];
    for (let x = from; x < to; x++) columns[x] = Math.min(picture.width - 1, ((x + 0.5 - left) * perColumn) | 0);
    let before = -1;
    for (let y = 0; y < height; y++) {
      const at = y * width;
      const row = y < top || y >= bottom ? -1 : Math.min(picture.height - 1, ((y + 0.5 - top) * perRow) | 0);
      if (row < 0) data.fill(ground, at, at + width);
      else if (row === before) data.copyWithin(at, at - width, at);
      else {
        if (from > 0) data.fill(ground, at, at + from);
        copyRow(picture.data, row * picture.width, columns, data, at, from, to);
        if (to < width) data.fill(ground, at + Math.max(from, to), at + width);
      }
      before = row;
    }
  }

  return {
    resize(nextWidth, nextHeight) {
      if (image !== null && nextWidth === width && nextHeight === height) return;
      [width, height] = [nextWidth, nextHeight];
      image = newImage(width, height);
      data = new Int32Array(image.data.buffer);
      columns = new Int32Array(width);
      under = null;
      due.addAll();
    },
    spoil: due.addAll,
    lay(picture, onto, ground) {
      const isAsLarge = onto.right - onto.left === picture.width && onto.bottom - onto.top === picture.height;
      if (!isAsLarge || !clean(picture, onto.left, onto.top, ground)) {
        under = isAsLarge ? { picture, left: onto.left, top: onto.top, ground } : null;
        if (under === null) stretch(picture, onto, ground);
        else shift(under, { left: 0, top: 0, right: width, bottom: height });
        due.addAll();
      }
      stamped.clear();
    },
    fill(colour, left, top, wide, high) {
      due.addAll();
      under = null;
      const [from, to] = [Math.max(0, left), Math.min(width, left + wide)];
      if (from >= to) return;
      for (let y = Math.max(0, top); y < Math.min(height, top + high); y++)
        data.fill(colour, y * width + from, y * width + to);
    },
    stamp(stamp, left, top) {
      const isWithin = left >= 0 && top >= 0 && left + stamp.width <= width && top + stamp.height <= height;
      const isBeside = left >= width || top >= height || left + stamp.width <= 0 || top + stamp.height <= 0;
      if (isBeside) return;
      const [right, bottom] = [Math.min(width, left + stamp.width), Math.min(height, top + stamp.height)];
      stamped.add(Math.max(0, left), Math.max(0, top), right, bottom);
      due.add(Math.max(0, left), Math.max(0, top), right, bottom);
      if (isWithin) stampWhole(stamp, data, width, top * width + left);
      else stampWithin(stamp, data, { width, height }, left, top);
    },
    show(context) {
      const whole = image;
      if (whole === null) return;
      if (due.isAll()) context.putImageData(whole, 0, 0);
      else
        due.each((left, top, right, bottom) =>
          context.putImageData(whole, 0, 0, left, top, right - left, bottom - top),
        );
      due.clear();
    },
  };
}

const imageOf: NewImage = (width, height) => new ImageData(width, height);

/** What is written for each pixel stands in functions of its own: their variables are the machine's, not an enclosing function's. */
function copyRow(
  source: Int32Array,
  start: number,
  columns: Int32Array,
  onto: Int32Array,
  at: number,
  from: number,
  to: number,
): void {
  for (let x = from; x < to; x++) onto[at + x] = source[start + (columns[x] ?? 0)] ?? 0;
}

function stampWhole({ data, rows, width, height }: Stamp, onto: Int32Array, perRow: number, at: number): void {
  for (let y = 0; y < height; y++) {
    const [source, target, to] = [y * width, at + y * perRow, rows[y * 2 + 1] ?? 0];
    for (let x = rows[y * 2] ?? 0; x < to; x++) {
      const over = data[source + x] ?? 0;
      if (over >>> 24 === 255) onto[target + x] = over;
      else if (over >>> 24 !== 0) onto[target + x] = blended(over, onto[target + x] ?? 0, over >>> 24);
    }
  }
}

function stampWithin(
  { data, width, height }: Stamp,
  onto: Int32Array,
  within: { readonly width: number; readonly height: number },
  left: number,
  top: number,
): void {
  const toX = Math.min(width, within.width - left);
  for (let y = Math.max(0, -top); y < Math.min(height, within.height - top); y++) {
    for (let x = Math.max(0, -left); x < toX; x++) {
      const over = data[y * width + x] ?? 0;
      const target = (top + y) * within.width + left + x;
      if (over >>> 24 !== 0) onto[target] = blended(over, onto[target] ?? 0, over >>> 24);
    }
  }
}

/** A picture whose empty edges are passed over: from where to where each row has something. */
export interface Stamp extends Pixels {
  /** Two to a row: the first column, and the one after the last. */
  readonly rows: Int32Array;
}

export function stampOf(picture: Pixels): Stamp {
  const { width, height, data } = picture;
  const rows = new Int32Array(height * 2);
  for (let y = 0; y < height; y++) {
    let [from, to] = [0, width];
    while (from < to && (data[y * width + from] ?? 0) >>> 24 === 0) from++;
    while (to > from && (data[y * width + to - 1] ?? 0) >>> 24 === 0) to--;
    rows.set([from, to], y * 2);
  }
  return { ...picture, rows };
}

/** Over an opaque pixel. Red and blue are reckoned in one go: their products do not reach each other. */
function blended(over: number, under: number, alpha: number): number {
  const share = alpha + (alpha >>> 7);
  const rest = 256 - share;
  const redBlue = (Math.imul(over & 0xff00ff, share) + Math.imul(under & 0xff00ff, rest)) >>> 8;
  const green = (Math.imul(over & 0xff00, share) + Math.imul(under & 0xff00, rest)) >>> 8;
  return 0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00);
}

/** All that is painted on a canvas. */
export function pixelsOf(context: MapContext): Pixels {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  return { width, height, data: new Int32Array(image.data.buffer) };
}

/** Reads so many rows of what is painted on a canvas into a picture that is as wide. */
export function readRows(context: MapContext, into: Pixels, top: number, rows: number): void {
  const image = context.getImageData(0, top, into.width, rows);
  into.data.set(new Int32Array(image.data.buffer), top * into.width);
}

/** A frame of more is left to the browser: where such windows are there is a GPU, and handing over so much would be dear. */
const FRAME_PIXELS_MAX = 6_000_000;

export const isForPixels = ({ canvas }: MapContext): boolean => canvas.width * canvas.height <= FRAME_PIXELS_MAX;

/** Of a colour such as #0f151a. */
export function pixelOf(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return 0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >>> 16);
}
