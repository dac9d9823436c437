import {
  type Box,
  between,
  type Camera,
  fitted,
  type Margins,
  type Size,
  toScene,
  ZOOM_MAX,
  ZOOM_MIN,
  zoomed,
} from './camera.ts';
import type { CameraPlace } from './messages.ts';

/** The camera and the window it looks through. It fits the map by itself until the user has moved it. */
export interface Viewport {
  camera(): Camera;
  size(): Sizes;
  resize(size: Sizes): void;
  /** By the user's hand: from now on it is theirs. */
  move(camera: Camera): void;
  /** By a factor, around the middle. */
  zoom(factor: number): void;
  /** Brings a box into view, as the user asked: the camera is theirs from now on. */
  go(box: Box): void;
  /** The camera stays where it is from now on. */
  hold(): void;
  /** Brings all of the box into view; on its own account only if the user has not moved the camera. */
  show(box: Box | null, asked: boolean): void;
  /** The scene point in the middle, once it rests and the user has put it there; null: the map fits itself. */
  place(): CameraPlace | null;
  /** Looks at a place that was kept; null: fits the map again. */
  goTo(place: CameraPlace | null): void;
  /** Moves on by so much time; whether the camera moved. */
  advance(millis: number): boolean;
  reduceMotion(reduced: boolean): void;
}

export interface Sizes extends Size {
  /** Device pixels to a CSS pixel. */
  readonly ratio: number;
}

/** Around the map: room for the labels of the outermost nodes. */
const MARGINS: Margins = { top: 44, right: 104, bottom: 64, left: 104 };
const MOVE_MILLIS = 260;

export function createViewport(): Viewport {
  let camera: Camera = { x: 0, y: 0, zoom: 1 };
  let size: Sizes = { width: 1, height: 1, ratio: 1 };
  let moving: { readonly from: Camera; readonly to: Camera; readonly done: number } | null = null;
  let isTheirs = false;
  let isReduced = false;
  let hasShown = false;
  /** Waits for the canvas to have a size. */
  let wanted: CameraPlace | null = null;

  function go(to: Camera): void {
    if (isReduced || !hasShown) {
      camera = to;
      moving = null;
    } else moving = { from: camera, to, done: 0 };
  }

  const placeOf = (from: Camera): CameraPlace => ({
    ...toScene(from, { x: size.width / 2, y: size.height / 2 }),
    zoom: from.zoom,
  });

  function lookAt({ x, y, zoom }: CameraPlace): void {
    wanted = null;
    moving = null;
    hasShown = true;
    const bounded = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom));
    camera = { zoom: bounded, x: size.width / 2 - x * bounded, y: size.height / 2 - y * bounded };
  }

  return {
    camera: () => camera,
    size: () => size,
    resize(next) {
      size = next;
      // A canvas of one pixel is one that has no size yet.
      if (wanted !== null && size.width > 1) lookAt(wanted);
    },
    move(next) {
      isTheirs = true;
      moving = null;
      camera = next;
    },
    zoom(factor) {
      isTheirs = true;
      go(zoomed(moving?.to ?? camera, { x: size.width / 2, y: size.height / 2 }, factor));
    },
    go(box) {
      isTheirs = true;
      go(fitted(box, size, MARGINS));
    },
    hold() {
      isTheirs = true;
    },
    show(box, asked) {
      if (box === null || (isTheirs && !asked)) return;
      isTheirs = false;
      go(fitted(box, size, MARGINS));
      // Before the canvas has a size there is nothing to move from.
      hasShown ||= size.width > 1;
    },
    place: () => (isTheirs && moving === null ? placeOf(camera) : null),
    goTo(place) {
      isTheirs = place !== null;
      wanted = place;
      if (place !== null && size.width > 1) lookAt(place);
    },
    advance(millis) {
      if (moving === null) return false;
      const done = Math.min(1, moving.done + millis / MOVE_MILLIS);
      camera = between(moving.from, moving.to, 1 - (1 - done) ** 3);
      moving = done === 1 ? null : { ...moving, done };
      return true;
    },
    reduceMotion(reduced) {
      isReduced = reduced;
    },
  };
}
