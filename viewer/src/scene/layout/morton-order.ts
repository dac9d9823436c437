/** Bodies in the order of a Z-curve over their bounding square, so that what is near lies near in memory. */
export interface MortonOrder {
  /** Body at each rank. */
  readonly order: Uint32Array;
  /** Code of each rank, rising; two bits to a level, the coarsest first. */
  readonly codes: Uint32Array;
  /** Sorts anew; gives the edge of the bounding square. */
  sort(x: Float64Array, y: Float64Array): number;
}

export const MORTON_LEVELS = 16;
const STEPS = 2 ** MORTON_LEVELS;
const DIGIT = 256;

export function createMortonOrder(count: number): MortonOrder {
  const order = new Uint32Array(count);
  const codes = new Uint32Array(count);
  const otherOrder = new Uint32Array(count);
  const otherCodes = new Uint32Array(count);
  const counts = new Uint32Array(DIGIT);

  /** One pass of a radix sort by a byte of the code. */
  function pass(
    fromCodes: Uint32Array,
    fromOrder: Uint32Array,
    toCodes: Uint32Array,
    toOrder: Uint32Array,
    shift: number,
  ): void {
    counts.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = ((fromCodes[i] ?? 0) >>> shift) & 255;
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
    let sum = 0;
    for (let digit = 0; digit < DIGIT; digit++) {
      const of = counts[digit] ?? 0;
      counts[digit] = sum;
      sum += of;
    }
    for (let i = 0; i < count; i++) {
      const code = fromCodes[i] ?? 0;
      const digit = (code >>> shift) & 255;
      const rank = counts[digit] ?? 0;
      counts[digit] = rank + 1;
      toCodes[rank] = code;
      toOrder[rank] = fromOrder[i] ?? 0;
    }
  }

  return {
    order,
    codes,
    sort(x, y) {
      let left = Infinity;
      let top = Infinity;
      let right = -Infinity;
      let bottom = -Infinity;
      for (let i = 0; i < count; i++) {
        const atX = x[i] ?? 0;
        const atY = y[i] ?? 0;
        if (atX < left) left = atX;
        if (atX > right) right = atX;
        if (atY < top) top = atY;
        if (atY > bottom) bottom = atY;
      }
      const edge = Math.max(right - left, bottom - top, 1e-6) * (1 + 1e-9);
      const scale = STEPS / edge;
      for (let i = 0; i < count; i++) {
        const column = Math.min(STEPS - 1, ((x[i] ?? 0) - left) * scale);
        const row = Math.min(STEPS - 1, ((y[i] ?? 0) - top) * scale);
        codes[i] = spread(column) | (spread(row) << 1);
        order[i] = i;
      }
      pass(codes, order, otherCodes, otherOrder, 0);
      pass(otherCodes, otherOrder, codes, order, 8);
      pass(codes, order, otherCodes, otherOrder, 16);
      pass(otherCodes, otherOrder, codes, order, 24);
      return edge;
    },
  };
}

/** The sixteen low bits, each followed by a zero. */
function spread(value: number): number {
  let bits = value & 0xffff;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}
