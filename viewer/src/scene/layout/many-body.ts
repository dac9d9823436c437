import type { BodyForce } from './bodies.ts';
import { createCellTree } from './cell-tree.ts';
import { createFelt, pushBucket } from './push-bucket.ts';

export interface ManyBodySettings {
  /** Barnes-Hut: a cell counts as one body when its width is less than this share of its distance. */
  readonly theta: number;
  /** Bodies farther apart do not feel each other. */
  readonly reach: number;
  /** Parts bodies on one point. */
  readonly random: () => number;
}

/**
 * d3-force's many-body force over flat arrays: the same law (charge / distance, softened below 1) and the same criterion.
 * Faster since the tree is walked once for a bucket of neighbours instead of once for each body, what none of them can reach
 * is passed over whole, and what is found is then applied to two of them at a time in a plain loop.
 */
export function createManyBody(count: number, { theta, reach, random }: ManyBodySettings): BodyForce {
  const tree = createCellTree(count);
  const { order, sortedX, sortedY, sortedCharge, x, y, charge, width, width2, first, past, next, isLeaf } = tree;
  const theta2 = theta * theta;
  const felt = createFelt(count * 3);
  const pushX = new Float64Array(count);
  const pushY = new Float64Array(count);
  const onSpot = new Float64Array(count);

  /** Cells as points, and bodies, that a bucket feels. No array is made in here: it looks at a thousand cells a bucket. */
  function gather(leaf: number, cells: number): void {
    const from = first[leaf] ?? 0;
    const middleX = x[leaf] ?? 0;
    const middleY = y[leaf] ?? 0;
    // Its bodies stand around its middle: what is taken as one for that must be far enough for nearly all of them. So much keeps the
    // error that of d3-force, which looks at each body by itself (held by a test).
    const spread2 = (width2[leaf] ?? 0) * 0.4;
    // No body is farther from its cell's middle than the cell's diagonal.
    const reachFromMiddle = reach + Math.SQRT2 * (width[leaf] ?? 0);
    const beyond2 = reachFromMiddle * reachFromMiddle;
    let found = 0;
    for (let cell = 0; cell < cells; ) {
      const dx = (x[cell] ?? 0) - middleX;
      const dy = (y[cell] ?? 0) - middleY;
      const distance2 = dx * dx + dy * dy;
      if (distance2 >= beyond2) {
        const beyond = reachFromMiddle + Math.SQRT2 * (width[cell] ?? 0);
        if (distance2 >= beyond * beyond) {
          cell = next[cell] ?? cells;
          continue;
        }
      }
      const isWithin = (first[cell] ?? 0) <= from && from < (past[cell] ?? 0);
      if (!isWithin && (width2[cell] ?? 0) < (distance2 - spread2) * theta2) {
        if (distance2 < beyond2) {
          felt.x[found] = x[cell] ?? 0;
          felt.y[found] = y[cell] ?? 0;
          felt.charge[found++] = charge[cell] ?? 0;
        }
        cell = next[cell] ?? cells;
      } else if (isLeaf[cell] === 0) cell++;
      else {
        const end = past[cell] ?? 0;
        for (let rank = first[cell] ?? 0; rank < end; rank++) {
          felt.x[found] = sortedX[rank] ?? 0;
          felt.y[found] = sortedY[rank] ?? 0;
          felt.charge[found++] = sortedCharge[rank] ?? 0;
        }
        cell = next[cell] ?? cells;
      }
    }
    felt.count = found;
  }

  const pushes = { x: pushX, y: pushY, onSpot };
  const reach2 = reach * reach;

  return (bodies, alpha) => {
    const { vx, vy } = bodies;
    const cells = tree.build(bodies);
    for (let leaf = 0; leaf < cells; leaf++) {
      if (isLeaf[leaf] === 0) continue;
      gather(leaf, cells);
      pushBucket(felt, reach2, sortedX, sortedY, first[leaf] ?? 0, past[leaf] ?? 0, pushes);
    }
    for (let rank = 0; rank < count; rank++) {
      const body = order[rank] ?? 0;
      // It is on its own spot itself; with others there, they part in any direction.
      const others = (onSpot[rank] ?? 0) - (sortedCharge[rank] ?? 0);
      const isCrowded = Math.abs(others) > 1e-9;
      const asideX = isCrowded ? (random() - 0.5) * NUDGE * others : 0;
      const asideY = isCrowded ? (random() - 0.5) * NUDGE * others : 0;
      vx[body] = (vx[body] ?? 0) + ((pushX[rank] ?? 0) + asideX) * alpha;
      vy[body] = (vy[body] ?? 0) + ((pushY[rank] ?? 0) + asideY) * alpha;
    }
  };
}

/** Of a charge, between bodies on one spot: as d3-force, whose nudge of a millionth is softened to a thousandth. */
const NUDGE = 1e-3;
