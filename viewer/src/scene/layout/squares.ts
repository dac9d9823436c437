/** Bodies sorted into the squares of a grid, row by row, as they will stand after this tick: neighbours lie side by side. */
export interface Squares {
  /** Squares are `width` wide or more: never many more of them than bodies, however far these are scattered. */
  sort(
    x: Float64Array,
    y: Float64Array,
    vx: Float64Array,
    vy: Float64Array,
    width: number,
  ): { readonly columns: number; readonly rows: number };
  /** Body at each rank, and where it will stand. */
  readonly members: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Ranks of square `s` are [starts[s], starts[s + 1]). */
  readonly starts: Int32Array;
}

const SQUARES_PER_BODY = 4;

export function createSquares(count: number): Squares {
  const most = Math.max(16, count * SQUARES_PER_BODY);
  const squareOf = new Int32Array(count);
  const members = new Int32Array(count);
  const sortedX = new Float64Array(count);
  const sortedY = new Float64Array(count);
  const starts = new Int32Array(most + 2);

  return {
    members,
    x: sortedX,
    y: sortedY,
    starts,
    sort(x, y, vx, vy, width) {
      let left = Infinity;
      let top = Infinity;
      let right = -Infinity;
      let bottom = -Infinity;
      for (let i = 0; i < count; i++) {
        const atX = (x[i] ?? 0) + (vx[i] ?? 0);
        const atY = (y[i] ?? 0) + (vy[i] ?? 0);
        if (atX < left) left = atX;
        if (atX > right) right = atX;
        if (atY < top) top = atY;
        if (atY > bottom) bottom = atY;
      }
      const [across, down] = [Math.max(0, right - left), Math.max(0, bottom - top)];
      let wide = width;
      while ((Math.floor(across / wide) + 1) * (Math.floor(down / wide) + 1) > most) wide *= 1.5;
      const [columns, rows] = [Math.floor(across / wide) + 1, Math.floor(down / wide) + 1];
      starts.fill(0);
      for (let i = 0; i < count; i++) {
        const column = Math.floor(((x[i] ?? 0) + (vx[i] ?? 0) - left) / wide);
        const row = Math.floor(((y[i] ?? 0) + (vy[i] ?? 0) - top) / wide);
        const square = row * columns + column;
        squareOf[i] = square;
        starts[square + 2] = (starts[square + 2] ?? 0) + 1;
      }
      for (let square = 0; square < columns * rows; square++) {
        starts[square + 2] = (starts[square + 2] ?? 0) + (starts[square + 1] ?? 0);
      }
      // Now starts[s + 1] is where `s` begins; as it is filled it becomes where it ends.
      for (let i = 0; i < count; i++) {
        const square = squareOf[i] ?? 0;
        const rank = starts[square + 1] ?? 0;
        starts[square + 1] = rank + 1;
        members[rank] = i;
        sortedX[rank] = (x[i] ?? 0) + (vx[i] ?? 0);
        sortedY[rank] = (y[i] ?? 0) + (vy[i] ?? 0);
      }
      return { columns, rows };
    },
  };
}
