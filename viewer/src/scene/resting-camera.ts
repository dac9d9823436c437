import type { CameraPlace } from './messages.ts';

/** Tells where the camera is once it has stood still for a moment, and only when that is elsewhere than it told before. */
export function createRestingCamera(tell: (camera: CameraPlace | null) => void) {
  let seen: CameraPlace | null = null;
  let told: CameraPlace | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    /** Undefined: it moves, so it is nowhere yet. */
    look(place: CameraPlace | null | undefined): void {
      if (place === undefined || isSame(place, seen)) return;
      seen = place;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isSame(seen, told)) return;
        told = seen;
        tell(seen);
      }, REST_MILLIS);
    },
  };
}

const REST_MILLIS = 400;
/** Scene units, and shares of the zoom, that nobody sees. */
const NEAR = 0.05;

const isSame = (one: CameraPlace | null, other: CameraPlace | null): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    Math.abs(one.x - other.x) < NEAR &&
    Math.abs(one.y - other.y) < NEAR &&
    Math.abs(one.zoom / other.zoom - 1) < NEAR / 100);
