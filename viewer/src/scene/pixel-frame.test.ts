import { describe, expect, it } from 'vitest';
import { PALETTES } from './palette.ts';
import { createPixelFrame, type PixelFrame, pixelOf, stampOf } from './pixel-frame.ts';

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
