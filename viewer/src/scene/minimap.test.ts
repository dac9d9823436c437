import { describe, expect, it } from 'vitest';
import type { AnyCanvas } from './kept-picture.ts';
import type { MapContext } from './marked.ts';
import { createMinimap, createSteering, type MinimapView } from './minimap.ts';
import { PALETTES } from './palette.ts';

/** A context that writes down what is asked of it. */
function recorder() {
  const calls: string[] = [];
  const context = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...values: unknown[]) =>
          void calls.push(`${String(name)} ${values.length}`),
      set: () => true,
    },
  ) as MapContext;
  return { calls, context };
}

const newCanvas = () => ({ width: 0, height: 0, getContext: () => recorder().context }) as unknown as AnyCanvas;

const newImage = (width: number, height: number) =>
  ({ data: new Uint8ClampedArray(width * height * 4) }) as unknown as ImageData;

const view = (zoom: number): MinimapView => ({
  camera: { x: 0, y: 0, zoom },
  size: { width: 1_440, height: 900, ratio: 1 },
  box: { left: 0, top: 0, right: 2_000, bottom: 1_000 },
  eachMark: (visit) => visit(5, 5, false),
  palette: PALETTES.light,
  now: 0,
});

describe('the map in the corner', () => {
  it('is not there while all is in view', () => {
    const { calls, context } = recorder();
    const minimap = createMinimap(newCanvas, newImage);
    minimap.paint(context, view(0.5));
    expect(calls).toEqual([]);
    expect(minimap.sceneAt({ x: 1_400, y: 860 }, false)).toBeNull();
  });
  it('leads to the place of the map that is pointed at, also beside it while it is held', () => {
    const { calls, context } = recorder();
    const minimap = createMinimap(newCanvas, newImage);
    minimap.paint(context, view(2));
    expect(calls).toContain('drawImage 5');
    const middle = minimap.sceneAt({ x: 1_440 - 16 - 88, y: 900 - 16 - 56 }, false);
    expect(middle?.x).toBeCloseTo(1_000);
    expect(middle?.y).toBeCloseTo(500);
    expect(minimap.sceneAt({ x: 100, y: 100 }, false)).toBeNull();
    expect(minimap.sceneAt({ x: 100, y: 100 }, true)).not.toBeNull();
  });
  it('has the pointer from a press on it until it is let go, and no other', () => {
    const minimap = createMinimap(newCanvas, newImage);
    minimap.paint(recorder().context, view(2));
    const moves: number[] = [];
    const steer = createSteering(minimap, ({ x }) => void moves.push(Math.round(x)));
    expect(steer({ kind: 'move', x: 1_336, y: 828 })).toBe(false);
    expect(steer({ kind: 'down', x: 200, y: 200 })).toBe(false);
    expect(steer({ kind: 'down', x: 1_336, y: 828 })).toBe(true);
    expect(steer({ kind: 'move', x: 1_000, y: 828 })).toBe(true);
    expect(steer({ kind: 'up', x: 1_000, y: 828 })).toBe(true);
    expect(steer({ kind: 'up', x: 1_000, y: 828 })).toBe(false);
    expect(moves).toHaveLength(2);
    expect(moves[1]).toBeLessThan(moves[0] ?? 0);
  });
});
