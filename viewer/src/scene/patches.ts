/** Rectangles of a frame, a bounded list: what was laid over a picture, and what a canvas has not been given yet. */
export interface Patches {
  /** As far as it lies within the frame; beyond the bound all of the frame is meant. */
  add(left: number, top: number, right: number, bottom: number): void;
  addAll(): void;
  clear(): void;
  isAll(): boolean;
  each(visit: (left: number, top: number, right: number, bottom: number) => void): void;
}

/** Handing over as many small pieces costs about what handing over a whole frame does. */
export const PATCHES_MAX = 128;

export function createPatches(): Patches {
  const sides = new Int32Array(PATCHES_MAX * 4);
  let count = 0;
  let isAll = false;
  return {
    add(left, top, right, bottom) {
      if (isAll || left >= right || top >= bottom) return;
      if (count === PATCHES_MAX) {
        isAll = true;
        return;
      }
      const at = count * 4;
      sides[at] = left;
      sides[at + 1] = top;
      sides[at + 2] = right;
      sides[at + 3] = bottom;
      count++;
    },
    addAll() {
      isAll = true;
    },
    clear() {
      count = 0;
      isAll = false;
    },
    isAll: () => isAll,
    each(visit) {
      for (let at = 0; at < count * 4; at += 4) {
        visit(sides[at] ?? 0, sides[at + 1] ?? 0, sides[at + 2] ?? 0, sides[at + 3] ?? 0);
      }
    },
  };
}
