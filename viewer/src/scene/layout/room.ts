import type { BodyForce } from './bodies.ts';

/**
 * d3-force's collision over a grid: no two bodies nearer than their radii and the air between them. The larger one yields
 * less. Squares of the grid are as wide as the largest pair, so that only neighbouring squares are looked at.
 */
export function createRoom(count: number, air: number, strength: number): BodyForce {
  const columnOf = new Int32Array(count);
  const rowOf = new Int32Array(count);
  const members = new Int32Array(count);
  /** As many squares as bodies, by hash: distant ones may share a square, which costs a look and nothing else. */
  const squares = Math.max(16, 2 ** Math.ceil(Math.log2(Math.max(1, count))));
  const starts = new Int32Array(squares + 1);
  const hash = (column: number, row: number): number =>
    (Math.imul(column, 73_856_093) ^ Math.imul(row, 19_349_663)) & (squares - 1);

  return ({ x, y, vx, vy, radius }) => {
    let widest = 1;
    for (let i = 0; i < count; i++) widest = Math.max(widest, radius[i] ?? 0);
    const width = 2 * (widest + air);
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      columnOf[i] = Math.floor(((x[i] ?? 0) + (vx[i] ?? 0)) / width);
      rowOf[i] = Math.floor(((y[i] ?? 0) + (vy[i] ?? 0)) / width);
      const square = hash(columnOf[i] ?? 0, rowOf[i] ?? 0);
      starts[square + 1] = (starts[square + 1] ?? 0) + 1;
    }
    for (let square = 0; square < squares; square++)
      starts[square + 1] = (starts[square + 1] ?? 0) + (starts[square] ?? 0);
    for (let i = count - 1; i >= 0; i--) {
      const square = hash(columnOf[i] ?? 0, rowOf[i] ?? 0);
      const end = (starts[square + 1] ?? 0) - 1;
      // Filled from its end; its start has become its end by then, and is put right by the next tick's count.
      starts[square + 1] = end;
      members[end] = i;
    }
    // Now starts[square + 1] is where `square` begins, and starts[square + 2] where it ends.
    for (let i = 0; i < count; i++) part(i);

    function part(i: number): void {
      const [atX, atY] = [(x[i] ?? 0) + (vx[i] ?? 0), (y[i] ?? 0) + (vy[i] ?? 0)];
      const [column, row] = [columnOf[i] ?? 0, rowOf[i] ?? 0];
      const mine = (radius[i] ?? 0) + air;
      for (let dRow = -1; dRow <= 1; dRow++) {
        for (let dColumn = -1; dColumn <= 1; dColumn++) {
          const at = hash(column + dColumn, row + dRow);
          const end = at + 2 > squares ? count : (starts[at + 2] ?? count);
          for (let k = starts[at + 1] ?? 0; k < end; k++) {
            const j = members[k] ?? 0;
            // Another square may share the hash.
            if (j <= i || columnOf[j] !== column + dColumn || rowOf[j] !== row + dRow) continue;
            const dx = atX - (x[j] ?? 0) - (vx[j] ?? 0);
            const dy = atY - (y[j] ?? 0) - (vy[j] ?? 0);
            const theirs = (radius[j] ?? 0) + air;
            const least = mine + theirs;
            const distance2 = dx * dx + dy * dy;
            if (distance2 >= least * least || distance2 === 0) continue;
            const distance = Math.sqrt(distance2);
            const push = ((least - distance) / distance) * strength;
            const share = (theirs * theirs) / (mine * mine + theirs * theirs);
            vx[i] = (vx[i] ?? 0) + dx * push * share;
            vy[i] = (vy[i] ?? 0) + dy * push * share;
            vx[j] = (vx[j] ?? 0) - dx * push * (1 - share);
            vy[j] = (vy[j] ?? 0) - dy * push * (1 - share);
          }
        }
      }
    }
  };
}
