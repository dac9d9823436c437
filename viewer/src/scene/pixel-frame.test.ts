import { describe, expect, it } from 'vitest';
import type { MapContext } from './marked.ts';
import { PALETTES } from './palette.ts';
import { PATCHES_MAX } from './patches.ts';
import { createPixelFrame, type PixelFrame, type Pixels, pixelOf, stampOf } from './pixel-frame.ts';
import { seededRandom } from './random.ts';

const GROUND = pixelOf('#102030');
const [A, B, C, D] = [pixelOf('#aa0000'), pixelOf('#00bb00'), pixelOf('#0000cc'), pixelOf('#dddddd')];
const PICTURE = { width: 2, height: 2, data: Int32Array.of(A, B, C, D) };
const NOTHING = 0;

/** A frame of 4 × 3, and what stands in it. */
function frame(): { frame: PixelFrame; pixels: () => Int32Array } {
  let image = { data: new Uint8ClampedArray() };
  const made = createPixelFrame((width, height) => {
    image = { data: new Uint8ClampedArray(width * height * 4) };
    return image as unknown as ImageData;
  });
  made.resize(4, 3);
  return { frame: made, pixels: () => new Int32Array(image.data.buffer) };
}

describe('a frame of pixels', () => {
  it('has colours as a canvas gives them: red first, opaque', () => {
    expect([...new Uint8Array(Int32Array.of(pixelOf('#0f151a')).buffer)]).toEqual([0x0f, 0x15, 0x1a, 0xff]);
  });
  it('knows every colour that is laid without a canvas', () => {
    for (const { ground, plate, link, fault } of Object.values(PALETTES))
      for (const colour of [ground, plate, link, fault]) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  });
  it('shows a picture where the camera sees it, and ground beside it', () => {
    const { frame: one, pixels } = frame();
    one.lay(PICTURE, { left: 1, top: 1, right: 3, bottom: 3 }, GROUND);
    expect([...pixels()]).toEqual([
      ...[GROUND, GROUND, GROUND, GROUND],
      ...[GROUND, A, B, GROUND],
      ...[GROUND, C, D, GROUND],
    ]);
  });
  it('shows what is within of a picture that hangs over its edge, or nothing of one that is elsewhere', () => {
    const { frame: one, pixels } = frame();
    one.lay(PICTURE, { left: -1, top: 2, right: 1, bottom: 4 }, GROUND);
    expect([...pixels()].slice(8)).toEqual([B, GROUND, GROUND, GROUND]);
    for (const left of [-9, 9]) {
      one.lay(PICTURE, { left, top: 0, right: left + 2, bottom: 2 }, GROUND);
      one.lay(PICTURE, { left, top: 0, right: left + 5, bottom: 2 }, GROUND);
      expect(new Set(pixels())).toEqual(new Set([GROUND]));
    }
  });
  it('stretches a picture by its nearest pixels', () => {
    const { frame: one, pixels } = frame();
    one.lay(PICTURE, { left: 0, top: 0, right: 4, bottom: 4 }, GROUND);
    expect([...pixels()]).toEqual([A, A, B, B, A, A, B, B, C, C, D, D]);
    one.lay(PICTURE, { left: 1, top: -1, right: 5, bottom: 3 }, GROUND);
    expect([...pixels()]).toEqual([GROUND, A, A, B, GROUND, C, C, D, GROUND, C, C, D]);
  });
  it('is filled in a rectangle, as far as that lies within', () => {
    const { frame: one, pixels } = frame();
    one.lay(PICTURE, { left: 9, top: 0, right: 11, bottom: 2 }, GROUND);
    one.fill(A, -1, 1, 2, 9);
    one.fill(B, 3, -4, 5, 5);
    one.fill(C, 7, 0, 2, 2);
    expect([...pixels()]).toEqual([GROUND, GROUND, GROUND, B, A, GROUND, GROUND, GROUND, A, GROUND, GROUND, GROUND]);
  });
  it('stamps what is not empty, mixes what is half there, and cuts off what is beside it', () => {
    const half = (pixelOf('#ffffff') & 0xffffff) | (0x80 << 24);
    const stamp = stampOf({ width: 3, height: 1, data: Int32Array.of(NOTHING, half, A) });
    const { frame: one, pixels } = frame();
    const blank = (): void => one.lay(PICTURE, { left: 9, top: 0, right: 11, bottom: 2 }, GROUND);
    blank();
    one.stamp(stamp, 1, 0);
    const [kept, mixed, whole] = pixels().slice(1, 4);
    expect([kept, whole]).toEqual([GROUND, A]);
    // Half white on #102030, to a step.
    const bytes = new Uint8Array(Int32Array.of(mixed ?? 0).buffer);
    for (const [index, value] of [0x88, 0x90, 0x98, 0xff].entries()) expect(bytes[index]).toBeCloseTo(value, -0.7);
    blank();
    for (const [left, top] of [
      [-2, 1],
      [3, 0],
      [1, 3],
      [-3, 0],
      [4, 2],
    ] as const) {
      one.stamp(stamp, left, top);
    }
    expect([...pixels()]).toEqual([...Array(4).fill(GROUND), A, ...Array(7).fill(GROUND)]);
  });
});

describe('a canvas that is given frame after frame', () => {
  const SIDE = 40;
  const random = seededRandom(11);
  const upTo = (most: number): number => Math.floor(random() * most);
  const painted = (): Pixels => ({
    width: SIDE,
    height: SIDE,
    data: Int32Array.from({ length: SIDE * SIDE }, () => 0xff000000 | upTo(0xffffff)),
  });
  const dot = stampOf({ width: 3, height: 3, data: new Int32Array(9).fill(pixelOf('#ff00ff')) });

  /** Holds what it was given, and counts the pixels of the last frame. */
  function canvas(): { context: MapContext; held: Int32Array; given: () => number } {
    const held = new Int32Array(SIDE * SIDE);
    let given = 0;
    const put = (image: ImageData, _x: number, _y: number, left = 0, top = 0, wide = SIDE, high = SIDE): void => {
      const from = new Int32Array(image.data.buffer);
      given += wide * high;
      for (let y = top; y < top + high; y++)
        held.set(from.subarray(y * SIDE + left, y * SIDE + left + wide), y * SIDE + left);
    };
    const context = { putImageData: put } as unknown as MapContext;
    return {
      ...{ context, held },
      given() {
        const last = given;
        given = 0;
        return last;
      },
    };
  }

  const newFrame = (): PixelFrame => {
    const made = createPixelFrame(
      (width, height) => ({ data: new Uint8ClampedArray(width * height * 4) }) as unknown as ImageData,
    );
    made.resize(SIDE, SIDE);
    return made;
  };
  const boxAt = (left: number, top: number, side = SIDE) => ({ left, top, right: left + side, bottom: top + side });

  it('holds what a frame made anew would show, whatever was there before', () => {
    const kept = newFrame();
    const onto = canvas();
    let [picture, box, isSame] = [painted(), boxAt(0, 0), true];
    for (let turn = 0; turn < 300; turn++) {
      if (random() < 0.2) picture = painted();
      if (random() < 0.2) box = boxAt(upTo(20) - 10, upTo(20) - 10, random() < 0.3 ? 55 : SIDE);
      const anew = newFrame();
      const count = random() < 0.1 ? PATCHES_MAX + 10 : upTo(6);
      for (const frame of [kept, anew]) frame.lay(picture, box, GROUND);
      for (let i = 0; i < count; i++) {
        const [left, top] = [upTo(SIDE + 8) - 4, upTo(SIDE + 8) - 4];
        for (const frame of [kept, anew]) frame.stamp(dot, left, top);
      }
      const other = canvas();
      kept.show(onto.context);
      anew.show(other.context);
      isSame &&= onto.held.every((pixel, at) => pixel === other.held[at]);
    }
    expect(isSame).toBe(true);
  });
  it('is given no more than what dots left and where they are, while the picture stays', () => {
    const frame = newFrame();
    const onto = canvas();
    const [picture, box] = [painted(), boxAt(0, 0)];
    const show = (...lefts: readonly number[]): number => {
      frame.lay(picture, box, GROUND);
      for (const left of lefts) frame.stamp(dot, left, 5);
      frame.show(onto.context);
      return onto.given();
    };
    expect([show(1), show(20, 30), show(), show()]).toEqual([SIDE * SIDE, 27, 18, 0]);
    frame.spoil();
    expect(show(1)).toBe(SIDE * SIDE);
  });
});
