import { describe, expect, it } from 'vitest';
import { type AnyCanvas, createKeptPicture } from './kept-picture.ts';
import type { MapContext } from './marked.ts';
import type { PixelFrame, Pixels } from './pixel-frame.ts';
import type { Stage } from './stage.ts';

const stageOf = (scale: number): Stage => ({
  graph: { revision: scale, nodes: [], links: [], hulls: [], linkOf: new Int32Array() },
  nodes: [],
  links: [],
  hulls: [],
  scale,
  isFolded: false,
});

/** A canvas whose context takes any call and does nothing; what is read of it is the number of its row. */
function newCanvas(): AnyCanvas {
  const getImageData = (_: number, top: number, width: number, height: number) => ({
    data: new Uint8ClampedArray(
      Int32Array.from({ length: width * height }, (_, at) => top + ((at / width) | 0)).buffer,
    ),
  });
  const canvas = { width: 0, height: 0, getContext: () => context };
  const context = new Proxy(
    { canvas, getImageData },
    {
      get: (known, name) => (name in known ? Reflect.get(known, name) : () => {}),
      set: () => true,
    },
  ) as unknown as MapContext;
  return canvas as unknown as AnyCanvas;
}

function picture() {
  const kept = createKeptPicture(newCanvas, stageOf(0));
  kept.resize({ width: 100, height: 50, ratio: 1 });
  const painted: string[] = [];
  function* paint(name: string, steps: number, scale: number): Generator<void, Stage> {
    for (let step = 0; step < steps; step++) {
      painted.push(`${name}${step}`);
      yield;
    }
    return stageOf(scale);
  }
  return { kept, painted, paint };
}

describe('the kept picture', () => {
  it('is shown only once it is finished, and painted a little at a time', () => {
    const { kept, painted, paint } = picture();
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('a', 3, 1));
    for (const done of [['a0'], ['a0', 'a1'], ['a0', 'a1', 'a2']]) {
      expect(kept.work(0)).toBe(false);
      expect(painted).toEqual(done);
      expect(kept.stage().scale).toBe(0);
      expect(kept.isBusy()).toBe(true);
    }
    expect(kept.work(0)).toBe(true);
    expect(kept.isBusy()).toBe(false);
    expect(kept.stage().scale).toBe(1);
  });
  it('is done at once when there is time for all of it', () => {
    const { kept, paint } = picture();
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('a', 30, 1));
    expect(kept.work(10_000)).toBe(true);
  });
  it('gives up what was begun when another is begun or the window changes', () => {
    const { kept, paint } = picture();
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('a', 3, 1));
    kept.work(0);
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('b', 1, 2));
    expect(kept.work(10_000)).toBe(true);
    expect(kept.stage().scale).toBe(2);
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('c', 3, 3));
    kept.resize({ width: 200, height: 50, ratio: 1 });
    expect(kept.isBusy()).toBe(false);
    expect(kept.stage().scale).toBe(2);
  });
  it('is read in stretches once it is painted, none of its rows left out', () => {
    const { kept, paint } = picture();
    kept.resize({ width: 3, height: 700, ratio: 1 });
    kept.begin({ x: 0, y: 0, zoom: 1 }, () => paint('a', 0, 1));
    let turns = 1;
    while (!kept.work(0)) turns++;
    expect(turns).toBe(3);
    const laid: Pixels[] = [];
    const frame = { lay: (pixels: Pixels) => void laid.push(pixels) } as unknown as PixelFrame;
    kept.lay(frame, { x: 0, y: 0, zoom: 1 }, '#ffffff');
    expect([...(laid[0]?.data ?? [])]).toEqual(Array.from({ length: 2_100 }, (_, at) => (at / 3) | 0));
  });
  it('knows where the camera sees it since it was painted', () => {
    const { kept, paint } = picture();
    kept.begin({ x: 10, y: 20, zoom: 2 }, () => paint('a', 0, 1));
    kept.work(10_000);
    expect(kept.seen({ x: 10, y: 20, zoom: 2 })).toEqual({ x: 0, y: 0, scale: 1 });
    // A scene point at (3, 4) was painted at (16, 28), and is now seen at (17, 26).
    const { x, y, scale } = kept.seen({ x: 5, y: 10, zoom: 4 });
    expect([16 * scale + x, 28 * scale + y]).toEqual([17, 26]);
  });
});
