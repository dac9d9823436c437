import { describe, expect, it } from 'vitest';
import { fitted, toScene, toScreen, wheelFactor, ZOOM_MAX, zoomed } from './camera.ts';
import { outlineOf } from './hulls.ts';
import { distanceTo, lanesOf, pointOn } from './lanes.ts';
import { createBodies } from './layout/bodies.ts';
import { layFlat } from './layout/lay-flat.ts';

describe('the camera', () => {
  const camera = { x: 100, y: 50, zoom: 2 };
  it('goes to the screen and back', () => {
    expect(toScene(camera, toScreen(camera, { x: 3, y: 4 }))).toEqual({ x: 3, y: 4 });
  });
  it('keeps what is under the pointer under it when it zooms', () => {
    const at = { x: 300, y: 200 };
    const under = toScene(camera, at);
    const after = toScreen(zoomed(camera, at, 1.3), under);
    expect(after.x).toBeCloseTo(at.x);
    expect(after.y).toBeCloseTo(at.y);
    expect(zoomed(camera, at, 1_000).zoom).toBe(ZOOM_MAX);
  });
  it('undoes a turn of the wheel by the opposite turn', () => {
    expect(wheelFactor(120) * wheelFactor(-120)).toBeCloseTo(1);
    expect(wheelFactor(-120)).toBeGreaterThan(1);
  });
  it('fits the map between its margins, without blowing up a small one', () => {
    const margins = { top: 10, right: 20, bottom: 30, left: 40 };
    const size = { width: 1_060, height: 540 };
    const wide = fitted({ left: -1_000, right: 1_000, top: -10, bottom: 10 }, size, margins);
    expect(toScreen(wide, { x: -1_000, y: 0 }).x).toBeCloseTo(40);
    expect(toScreen(wide, { x: 1_000, y: 0 }).x).toBeCloseTo(1_040);
    expect(fitted({ left: 0, right: 1, top: 0, bottom: 1 }, size, margins).zoom).toBeLessThan(2);
  });
});

describe('lanes', () => {
  const [a, b] = [
    { x: 0, y: 0, radius: 10 },
    { x: 300, y: 40, radius: 20 },
  ];
  it('go from the edge of one node to the edge of the other, the reply back', () => {
    const { request, reply } = lanesOf(a, b, false);
    expect(Math.hypot(pointOn(request, 0).x, pointOn(request, 0).y)).toBeCloseTo(13, 0);
    expect(Math.hypot(pointOn(request, 1).x - 300, pointOn(request, 1).y - 40)).toBeCloseTo(23, 0);
    expect(Math.hypot(pointOn(reply, 1).x, pointOn(reply, 1).y)).toBeCloseTo(13, 0);
  });
  it('keep the two ways apart, and those of the opposite link too', () => {
    const there = lanesOf(a, b, true);
    const back = lanesOf(b, a, true);
    const middles = [there.request, there.reply, back.request, back.reply].map((lane) => pointOn(lane, 0.5));
    for (const [i, one] of middles.entries()) {
      for (const other of middles.slice(i + 1)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(8);
    }
  });
  it('loop where a node calls itself', () => {
    const { request } = lanesOf(a, a, false);
    expect(pointOn(request, 0.5).y).toBeLessThan(-a.radius * 2);
  });
  it('know how near a point is', () => {
    const { request } = lanesOf(a, b, false);
    expect(distanceTo(request, pointOn(request, 0.5))).toBeLessThan(1);
    expect(distanceTo(request, { x: 150, y: 200 })).toBeGreaterThan(100);
  });
});

describe('hulls', () => {
  it('go around all their nodes with room', () => {
    const outline = outlineOf(
      [
        { x: 0, y: 0, radius: 10 },
        { x: 100, y: 0, radius: 20 },
        { x: 50, y: 1, radius: 5 },
      ],
      5,
    );
    expect(Math.min(...outline.map((point) => point.x))).toBeCloseTo(-15);
    expect(Math.max(...outline.map((point) => point.x))).toBeCloseTo(125);
    for (const point of outline) expect(Math.hypot(point.x - 50, point.y - 1)).toBeGreaterThan(10);
  });
  it('are round around a single node', () => {
    expect(outlineOf([{ x: 0, y: 0, radius: 10 }], 5).length).toBeGreaterThan(12);
  });
});

describe('a new map', () => {
  it('is laid along the width of the window', () => {
    const bodies = createBodies(5);
    for (const i of [0, 1, 2, 3, 4]) {
      bodies.x[i] = (i - 2) * 3;
      bodies.y[i] = (i - 2) * 40;
    }
    layFlat(bodies);
    expect(Math.max(...bodies.y.map(Math.abs))).toBeLessThan(1);
    expect(Math.abs((bodies.x[0] ?? 0) - (bodies.x[4] ?? 0))).toBeCloseTo(Math.hypot(12, 160));
  });
});
