import { type Box, boxOf, type Point } from './camera.ts';

/** Positions on their way: what the layout tells is approached smoothly, so nothing on the map ever leaps. */
export interface EasedPlaces {
  target(id: string, at: Point): void;
  /** At once: under the pointer. */
  put(id: string, at: Point): void;
  keepOnly(ids: ReadonlySet<string>): void;
  /** Moves on by so much time; whether anything has moved. */
  advance(millis: number): boolean;
  finish(): void;
  get(id: string): Point | undefined;
  /** Around all targets, null while there is none. */
  box(): Box | null;
}

interface Eased {
  x: number;
  y: number;
  toX: number;
  toY: number;
}

const TIME_CONSTANT_MILLIS = 90;
const NEAR = 0.1;

export function createEasedPlaces(): EasedPlaces {
  const places = new Map<string, Eased>();
  const moving = new Set<Eased>();
  /** Asked for in each frame, changed seldom. */
  let known: Box | null = null;
  return {
    target(id, { x, y }) {
      known = null;
      const place = places.get(id);
      if (place === undefined) {
        places.set(id, { x, y, toX: x, toY: y });
        return;
      }
      place.toX = x;
      place.toY = y;
      if (place.x !== x || place.y !== y) moving.add(place);
    },
    put(id, { x, y }) {
      known = null;
      places.set(id, { x, y, toX: x, toY: y });
    },
    keepOnly(ids) {
      known = null;
      for (const id of places.keys()) if (!ids.has(id)) places.delete(id);
    },
    advance(millis) {
      const hasMoved = moving.size > 0;
      const share = 1 - Math.exp(-millis / TIME_CONSTANT_MILLIS);
      for (const place of moving) {
        place.x += (place.toX - place.x) * share;
        place.y += (place.toY - place.y) * share;
        if (Math.abs(place.toX - place.x) + Math.abs(place.toY - place.y) < NEAR) arrive(place);
      }
      return hasMoved;
    },
    finish() {
      for (const place of moving) arrive(place);
    },
    get: (id) => places.get(id),
    box() {
      if (places.size === 0) return null;
      known ??= boxOf(Array.from(places.values(), ({ toX, toY }) => ({ x: toX, y: toY })));
      return known;
    },
  };

  function arrive(place: Eased): void {
    place.x = place.toX;
    place.y = place.toY;
    moving.delete(place);
  }
}
