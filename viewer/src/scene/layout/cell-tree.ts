import type { Bodies } from './bodies.ts';
import { createMortonOrder, MORTON_LEVELS } from './morton-order.ts';

/**
 * A quadtree as columns, its cells in preorder: a cell's first child follows it, and `next` leads past all it contains. A
 * leaf is a bucket of bodies that lie side by side in the Z-order. Arrays are kept from tick to tick.
 */
export interface CellTree {
  /** Sorts the bodies and builds the cells; gives how many there are. */
  build(bodies: Bodies): number;
  /** Body at each rank of the Z-order, and its place and charge in that order. */
  readonly order: Uint32Array;
  readonly sortedX: Float64Array;
  readonly sortedY: Float64Array;
  readonly sortedCharge: Float64Array;
  /** Centre of charge, total charge, and width of each cell; the width also squared. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly charge: Float64Array;
  readonly width: Float64Array;
  readonly width2: Float64Array;
  /** Ranks [first, past) that it contains, and the cell after it. */
  readonly first: Int32Array;
  readonly past: Int32Array;
  readonly next: Int32Array;
  readonly isLeaf: Uint8Array;
}

/** Bodies of a leaf; measured: 14 to 24 are equal, 10 takes half as long again. */
const BUCKET = 20;

export function createCellTree(count: number): CellTree {
  const ranks = createMortonOrder(count);
  const { order, codes } = ranks;
  // Each inner cell has two children at least and each leaf a body: never more than twice as many cells as bodies.
  const cellsMax = Math.max(1, 2 * count);
  const sortedX = new Float64Array(count);
  const sortedY = new Float64Array(count);
  const sortedCharge = new Float64Array(count);
  const x = new Float64Array(cellsMax);
  const y = new Float64Array(cellsMax);
  const charge = new Float64Array(cellsMax);
  const weight = new Float64Array(cellsMax);
  const width = new Float64Array(cellsMax);
  const width2 = new Float64Array(cellsMax);
  const first = new Int32Array(cellsMax);
  const past = new Int32Array(cellsMax);
  const next = new Int32Array(cellsMax);
  const isLeaf = new Uint8Array(cellsMax);
  let cells = 0;
  let edge = 0;

  function grow(from: number, to: number): void {
    const cell = cells++;
    const differing = ((codes[from] ?? 0) ^ (codes[to - 1] ?? 0)) >>> 0;
    // Levels on which all of them agree are passed over: a chain of single children is one cell.
    const level = differing === 0 ? MORTON_LEVELS : Math.clz32(differing) >> 1;
    first[cell] = from;
    past[cell] = to;
    const wide = edge / (1 << level);
    width[cell] = wide;
    width2[cell] = wide * wide;
    const isBucket = to - from <= BUCKET || level === MORTON_LEVELS;
    isLeaf[cell] = isBucket ? 1 : 0;
    if (isBucket) sumBodies(cell, from, to);
    else {
      const shift = 2 * (MORTON_LEVELS - 1 - level);
      for (let start = from; start < to; ) {
        const end = pastDigit(start, to, shift);
        grow(start, end);
        start = end;
      }
      sumChildren(cell);
    }
    next[cell] = cells;
  }

  /** The rank after the last one in [start, to) that has the same digit as the first. */
  function pastDigit(start: number, to: number, shift: number): number {
    const digit = (codes[start] ?? 0) >>> shift;
    let low = start + 1;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((codes[middle] ?? 0) >>> shift === digit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function sumBodies(cell: number, from: number, to: number): void {
    let sumX = 0;
    let sumY = 0;
    let sum = 0;
    let total = 0;
    for (let rank = from; rank < to; rank++) {
      const of = sortedCharge[rank] ?? 0;
      const share = Math.abs(of);
      sumX += share * (sortedX[rank] ?? 0);
      sumY += share * (sortedY[rank] ?? 0);
      sum += of;
      total += share;
    }
    finish(cell, sumX, sumY, sum, total, from);
  }

  function sumChildren(cell: number): void {
    let sumX = 0;
    let sumY = 0;
    let sum = 0;
    let total = 0;
    for (let child = cell + 1; child < cells; child = next[child] ?? cells) {
      const share = weight[child] ?? 0;
      sumX += share * (x[child] ?? 0);
      sumY += share * (y[child] ?? 0);
      sum += charge[child] ?? 0;
      total += share;
    }
    finish(cell, sumX, sumY, sum, total, first[cell] ?? 0);
  }

  function finish(cell: number, sumX: number, sumY: number, sum: number, total: number, from: number): void {
    // Without charge there is no centre of it: any body's place will do, its pull is nothing.
    x[cell] = total > 0 ? sumX / total : (sortedX[from] ?? 0);
    y[cell] = total > 0 ? sumY / total : (sortedY[from] ?? 0);
    charge[cell] = sum;
    weight[cell] = total;
  }

  return {
    build(bodies) {
      edge = ranks.sort(bodies.x, bodies.y);
      for (let rank = 0; rank < count; rank++) {
        const body = order[rank] ?? 0;
        sortedX[rank] = bodies.x[body] ?? 0;
        sortedY[rank] = bodies.y[body] ?? 0;
        sortedCharge[rank] = bodies.charge[body] ?? 0;
      }
      cells = 0;
      if (count > 0) grow(0, count);
      return cells;
    },
    order,
    sortedX,
    sortedY,
    sortedCharge,
    x,
    y,
    charge,
    width,
    width2,
    first,
    past,
    next,
    isLeaf,
  };
}
