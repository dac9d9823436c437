/** From scene units to CSS pixels: screen = scene × zoom + (x, y). */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A map of 20,000 nodes still fits into a window. */
export const ZOOM_MIN = 0.01;
export const ZOOM_MAX = 6;
/** A small estate is not blown up beyond this when it is fitted. */
const ZOOM_FIT_MAX = 1.7;

export function boxOf(points: readonly Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

export const toScreen = (camera: Camera, at: Point): Point => ({
  x: at.x * camera.zoom + camera.x,
  y: at.y * camera.zoom + camera.y,
});

export const toScene = (camera: Camera, at: Point): Point => ({
  x: (at.x - camera.x) / camera.zoom,
  y: (at.y - camera.y) / camera.zoom,
});

export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x + dx,
  y: camera.y + dy,
});

/** What is under `at` stays under it. */
export function zoomed(camera: Camera, at: Point, factor: number): Camera {
  const zoom = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, camera.zoom * factor));
  const ratio = zoom / camera.zoom;
  return { zoom, x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio };
}

/** A wheel's notch is 100 or 120 in most browsers: about 17 %. */
export const wheelFactor = (deltaY: number): number => Math.exp(-Math.max(-300, Math.min(300, deltaY)) * 0.0016);

/** Margins in CSS pixels leave room for labels, and for what the page shows at its edges. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export function fitted(box: Box, size: Size, margins: Margins): Camera {
  const width = Math.max(80, size.width - margins.left - margins.right);
  const height = Math.max(80, size.height - margins.top - margins.bottom);
  const boxWidth = Math.max(1, box.right - box.left);
  const boxHeight = Math.max(1, box.bottom - box.top);
  const zoom = Math.max(ZOOM_MIN, Math.min(ZOOM_FIT_MAX, width / boxWidth, height / boxHeight));
  return {
    zoom,
    x: margins.left + width / 2 - ((box.left + box.right) / 2) * zoom,
    y: margins.top + height / 2 - ((box.top + box.bottom) / 2) * zoom,
  };
}

/** Between two cameras; zooms by ratio, so that it looks even. */
export function between(from: Camera, to: Camera, share: number): Camera {
  return {
    zoom: from.zoom * (to.zoom / from.zoom) ** share,
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  };
}
