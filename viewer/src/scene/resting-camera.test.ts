import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CameraPlace } from './messages.ts';
import { createRestingCamera } from './resting-camera.ts';
import { createViewport } from './viewport.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the camera', () => {
  it('is told once it has rested, and only when it is elsewhere', () => {
    const told: (CameraPlace | null)[] = [];
    const camera = createRestingCamera((place) => told.push(place));
    camera.look({ x: 1, y: 0, zoom: 1 });
    camera.look(undefined);
    camera.look({ x: 5, y: 0, zoom: 1 });
    vi.advanceTimersByTime(500);
    camera.look({ x: 5, y: 0, zoom: 1 });
    vi.advanceTimersByTime(500);
    expect(told).toEqual([{ x: 5, y: 0, zoom: 1 }]);
    camera.look(null);
    vi.advanceTimersByTime(500);
    expect(told.at(-1)).toBeNull();
  });
  it('looks at the same point of the map in a window of another size', () => {
    const place = { x: 120, y: -40, zoom: 0.8 };
    for (const size of [
      { width: 800, height: 600, ratio: 1 },
      { width: 2_560, height: 1_440, ratio: 2 },
    ]) {
      const viewport = createViewport();
      // The wish may come before the canvas has a size.
      viewport.goTo(place);
      viewport.resize(size);
      const seen = viewport.place();
      expect(seen?.x).toBeCloseTo(120);
      expect(seen?.y).toBeCloseTo(-40);
      expect(seen?.zoom).toBeCloseTo(0.8);
    }
  });
  it('is nobody’s place while the map fits itself', () => {
    const viewport = createViewport();
    viewport.resize({ width: 800, height: 600, ratio: 1 });
    viewport.show({ left: 0, top: 0, right: 100, bottom: 100 }, false);
    expect(viewport.place()).toBeNull();
  });
});
