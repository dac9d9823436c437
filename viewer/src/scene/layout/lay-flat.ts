import type { Bodies } from './bodies.ts';

/** Turns all bodies around their middle so that the longest stretch lies level: windows are wider than high. */
export function layFlat({ count, x, y, vx, vy }: Bodies): void {
  if (count < 2) return;
  const middleX = x.reduce((sum, at) => sum + at, 0) / count;
  const middleY = y.reduce((sum, at) => sum + at, 0) / count;
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [dx, dy] = [(x[i] ?? 0) - middleX, (y[i] ?? 0) - middleY];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  // The angle of the first principal axis of a 2 × 2 covariance.
  const angle = -Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < count; i++) {
    const [dx, dy, speedX, speedY] = [(x[i] ?? 0) - middleX, (y[i] ?? 0) - middleY, vx[i] ?? 0, vy[i] ?? 0];
    x[i] = middleX + dx * cos - dy * sin;
    y[i] = middleY + dx * sin + dy * cos;
    vx[i] = speedX * cos - speedY * sin;
    vy[i] = speedX * sin + speedY * cos;
  }
}
