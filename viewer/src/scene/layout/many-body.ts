import type { BodyForce } from './bodies.ts';
import { createCellTree } from './cell-tree.ts';

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
 * Faster since the tree is walked once for a bucket of neighbours instead of once for each body, and what it finds is then
 * applied to each of them in a plain loop.
 */
export function createManyBody(count: number, { theta, reach, random }: ManyBodySettings): BodyForce {
  const tree = createCellTree(count);
  const { order, sortedX, sortedY, sortedCharge, x, y, charge, width2, first, past, next, isLeaf } = tree;
  const theta2 = theta * theta;
  const reach2 = reach * reach;
  /** What a bucket feels: cells as points, then bodies. */
  const feltX = new Float64Array(count * 3);
  const feltY = new Float64Array(count * 3);
  const feltCharge = new Float64Array(count * 3);
  let felt = 0;

  function gather(leaf: number, cells: number): void {
    const from = first[leaf] ?? 0;
    const [middleX, middleY] = [x[leaf] ?? 0, y[leaf] ?? 0];
    // Its bodies stand around its middle: what is near enough for that must be near enough for them.
    const spread2 = (width2[leaf] ?? 0) / 2;
    felt = 0;
    for (let cell = 0; cell < cells; ) {
      const [dx, dy] = [(x[cell] ?? 0) - middleX, (y[cell] ?? 0) - middleY];
      const isWithin = (first[cell] ?? 0) <= from && from < (past[cell] ?? 0);
      if (!isWithin && (width2[cell] ?? 0) < (dx * dx + dy * dy - spread2) * theta2) {
        feltX[felt] = x[cell] ?? 0;
        feltY[felt] = y[cell] ?? 0;
        feltCharge[felt++] = charge[cell] ?? 0;
        cell = next[cell] ?? cells;
      } else if (isLeaf[cell] === 0) cell++;
      else {
        for (let rank = first[cell] ?? 0; rank < (past[cell] ?? 0); rank++) {
          feltX[felt] = sortedX[rank] ?? 0;
          feltY[felt] = sortedY[rank] ?? 0;
          feltCharge[felt++] = sortedCharge[rank] ?? 0;
        }
        cell = next[cell] ?? cells;
      }
    }
  }

  return (bodies, alpha) => {
    const { vx, vy } = bodies;
    const cells = tree.build(bodies);
    for (let leaf = 0; leaf < cells; leaf++) {
      if (isLeaf[leaf] === 0) continue;
      gather(leaf, cells);
      for (let rank = first[leaf] ?? 0; rank < (past[leaf] ?? 0); rank++) {
        const [atX, atY] = [sortedX[rank] ?? 0, sortedY[rank] ?? 0];
        let [pushX, pushY] = [0, 0];
        let onSpot = 0;
        for (let i = 0; i < felt; i++) {
          const dx = (feltX[i] ?? 0) - atX;
          const dy = (feltY[i] ?? 0) - atY;
          let distance2 = dx * dx + dy * dy;
          if (distance2 >= reach2) continue;
          if (distance2 < 1) {
            if (distance2 === 0) {
              onSpot += feltCharge[i] ?? 0;
              continue;
            }
            distance2 = Math.sqrt(distance2);
          }
          const pull = (feltCharge[i] ?? 0) / distance2;
          pushX += dx * pull;
          pushY += dy * pull;
        }
        const body = order[rank] ?? 0;
        // It is on its own spot itself; with others there, they part in any direction.
        const others = onSpot - (sortedCharge[rank] ?? 0);
        if (Math.abs(others) > 1e-9) {
          pushX += (random() - 0.5) * NUDGE * others;
          pushY += (random() - 0.5) * NUDGE * others;
        }
        vx[body] = (vx[body] ?? 0) + pushX * alpha;
        vy[body] = (vy[body] ?? 0) + pushY * alpha;
      }
    }
  };
}

/** Of a charge, between bodies on one spot: as d3-force, whose nudge of a millionth is softened to a thousandth. */
const NUDGE = 1e-3;
