interface Moving {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** Turns all bodies around their middle so that the longest stretch lies level: windows are wider than high. */
export function layFlat(bodies: readonly Moving[]): void {
  const count = bodies.length;
  if (count < 2) return;
  const middleX = bodies.reduce((sum, body) => sum + body.x, 0) / count;
  const middleY = bodies.reduce((sum, body) => sum + body.y, 0) / count;
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of bodies) {
    xx += (x - middleX) ** 2;
    xy += (x - middleX) * (y - middleY);
    yy += (y - middleY) ** 2;
  }
  // The angle of the first principal axis of a 2 × 2 covariance.
  const angle = -Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (const body of bodies) {
    const [x, y, vx, vy] = [body.x - middleX, body.y - middleY, body.vx, body.vy];
    body.x = middleX + x * cos - y * sin;
    body.y = middleY + x * sin + y * cos;
    body.vx = vx * cos - vy * sin;
    body.vy = vx * sin + vy * cos;
  }
}
