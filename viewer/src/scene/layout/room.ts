import type { BodyForce } from './bodies.ts';
import { createSquares } from './squares.ts';

/**
 * d3-force's collision over a grid: no two bodies nearer than their radii and the air between them. The larger one yields
 * less. Squares of the grid are as wide as the largest pair, so that only neighbouring squares are looked at, each pair once:
 * in a body's own square those after it, the square to the right, and the three of the row below, which lie side by side.
 */
export function createRoom(count: number, air: number, strength: number): BodyForce {
  const squares = createSquares(count);
  const { members, starts, x: atX, y: atY } = squares;
  /** By rank in the grid: its radius and air, and what it was pushed so far. */
  const reach = new Float64Array(count);
  const pushedX = new Float64Array(count);
  const pushedY = new Float64Array(count);

  return ({ x, y, vx, vy, radius }) => {
    let widest = 1;
    for (let i = 0; i < count; i++) widest = Math.max(widest, radius[i] ?? 0);
    const { columns, rows } = squares.sort(x, y, vx, vy, 2 * (widest + air));
    for (let rank = 0; rank < count; rank++) {
      reach[rank] = (radius[members[rank] ?? 0] ?? 0) + air;
      pushedX[rank] = 0;
      pushedY[rank] = 0;
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const square = row * columns + column;
        const end = starts[square + 1] ?? 0;
        const right = column + 1 < columns ? (starts[square + 2] ?? 0) : end;
        const below = square + columns;
        const belowFrom = row + 1 < rows ? (starts[below - (column > 0 ? 1 : 0)] ?? 0) : 0;
        const belowTo = row + 1 < rows ? (starts[below + (column + 1 < columns ? 2 : 1)] ?? 0) : 0;
        for (let rank = starts[square] ?? 0; rank < end; rank++) {
          part(rank, rank + 1, right);
          part(rank, belowFrom, belowTo);
        }
      }
    }
    for (let rank = 0; rank < count; rank++) {
      const body = members[rank] ?? 0;
      vx[body] = (vx[body] ?? 0) + (pushedX[rank] ?? 0);
      vy[body] = (vy[body] ?? 0) + (pushedY[rank] ?? 0);
    }
  };

  /** One body from all those of a stretch; each stands where it has been pushed to by then. */
  function part(rank: number, from: number, to: number): void {
    const myX = atX[rank] ?? 0;
    const myY = atY[rank] ?? 0;
    const mine = reach[rank] ?? 0;
    let movedX = 0;
    let movedY = 0;
    for (let other = from; other < to; other++) {
      const dx = myX - (atX[other] ?? 0);
      const dy = myY - (atY[other] ?? 0);
      const theirs = reach[other] ?? 0;
      const least = mine + theirs;
      const distance2 = dx * dx + dy * dy;
      if (distance2 >= least * least || distance2 === 0) continue;
      const distance = Math.sqrt(distance2);
      const push = ((least - distance) / distance) * strength;
      const share = (theirs * theirs) / (mine * mine + theirs * theirs);
      movedX += dx * push * share;
      movedY += dy * push * share;
      const theirX = dx * push * (1 - share);
      const theirY = dy * push * (1 - share);
      atX[other] = (atX[other] ?? 0) - theirX;
      atY[other] = (atY[other] ?? 0) - theirY;
      pushedX[other] = (pushedX[other] ?? 0) - theirX;
      pushedY[other] = (pushedY[other] ?? 0) - theirY;
    }
    atX[rank] = myX + movedX;
    atY[rank] = myY + movedY;
    pushedX[rank] = (pushedX[rank] ?? 0) + movedX;
    pushedY[rank] = (pushedY[rank] ?? 0) + movedY;
  }
}
