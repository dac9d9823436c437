/** What a bucket of bodies feels: charges at places, `count` of them. */
export interface Felt {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly charge: Float64Array;
  count: number;
}

/** Of each rank: the push, and the charge on its very spot. */
export interface Pushes {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly onSpot: Float64Array;
}

export const createFelt = (most: number): Felt => ({
  x: new Float64Array(most),
  y: new Float64Array(most),
  charge: new Float64Array(most),
  count: 0,
});

/** Writes the pushes on ranks [first, past). Two at a time: each charge is read once for both, and their divisions overlap. */
export function pushBucket(
  felt: Felt,
  reach2: number,
  xs: Float64Array,
  ys: Float64Array,
  first: number,
  past: number,
  pushes: Pushes,
): void {
  const { x, y, charge, count } = felt;
  let rank = first;
  for (; rank + 1 < past; rank += 2) {
    const x1 = xs[rank] ?? 0;
    const y1 = ys[rank] ?? 0;
    const x2 = xs[rank + 1] ?? 0;
    const y2 = ys[rank + 1] ?? 0;
    let pushX1 = 0;
    let pushY1 = 0;
    let spot1 = 0;
    let pushX2 = 0;
    let pushY2 = 0;
    let spot2 = 0;
    for (let i = 0; i < count; i++) {
      const atX = x[i] ?? 0;
      const atY = y[i] ?? 0;
      const of = charge[i] ?? 0;
      const dx1 = atX - x1;
      const dy1 = atY - y1;
      const dx2 = atX - x2;
      const dy2 = atY - y2;
      const d1 = dx1 * dx1 + dy1 * dy1;
      const d2 = dx2 * dx2 + dy2 * dy2;
      if (d1 >= 1) {
        if (d1 < reach2) {
          const pull = of / d1;
          pushX1 += dx1 * pull;
          pushY1 += dy1 * pull;
        }
      } else if (d1 === 0) spot1 += of;
      else {
        const pull = of / Math.sqrt(d1);
        pushX1 += dx1 * pull;
        pushY1 += dy1 * pull;
      }
      if (d2 >= 1) {
        if (d2 < reach2) {
          const pull = of / d2;
          pushX2 += dx2 * pull;
          pushY2 += dy2 * pull;
        }
      } else if (d2 === 0) spot2 += of;
      else {
        const pull = of / Math.sqrt(d2);
        pushX2 += dx2 * pull;
        pushY2 += dy2 * pull;
      }
    }
    pushes.x[rank] = pushX1;
    pushes.y[rank] = pushY1;
    pushes.onSpot[rank] = spot1;
    pushes.x[rank + 1] = pushX2;
    pushes.y[rank + 1] = pushY2;
    pushes.onSpot[rank + 1] = spot2;
  }
  if (rank < past) pushOne(felt, reach2, xs[rank] ?? 0, ys[rank] ?? 0, rank, pushes);
}

function pushOne(
  { x, y, charge, count }: Felt,
  reach2: number,
  x1: number,
  y1: number,
  rank: number,
  pushes: Pushes,
): void {
  let pushX = 0;
  let pushY = 0;
  let spot = 0;
  for (let i = 0; i < count; i++) {
    const dx = (x[i] ?? 0) - x1;
    const dy = (y[i] ?? 0) - y1;
    const distance2 = dx * dx + dy * dy;
    if (distance2 >= reach2) continue;
    if (distance2 === 0) {
      spot += charge[i] ?? 0;
      continue;
    }
    const pull = (charge[i] ?? 0) / (distance2 < 1 ? Math.sqrt(distance2) : distance2);
    pushX += dx * pull;
    pushY += dy * pull;
  }
  pushes.x[rank] = pushX;
  pushes.y[rank] = pushY;
  pushes.onSpot[rank] = spot;
}
