import type { BodyForce } from './bodies.ts';

export interface Spring {
  readonly source: number;
  readonly target: number;
  readonly length: number;
}

/** d3-force's link force over flat arrays: each spring as stiff as its end with fewer springs allows, and that end moves more. */
export function createLinkSprings(count: number, springs: readonly Spring[], random: () => number): BodyForce {
  const sources = Int32Array.from(springs, ({ source }) => source);
  const targets = Int32Array.from(springs, ({ target }) => target);
  const lengths = Float64Array.from(springs, ({ length }) => length);
  const degree = new Int32Array(count);
  for (const { source, target } of springs) {
    degree[source] = (degree[source] ?? 0) + 1;
    degree[target] = (degree[target] ?? 0) + 1;
  }
  const degreeOf = (body: number): number => degree[body] ?? 1;
  const biases = Float64Array.from(springs, ({ source, target }) => {
    return degreeOf(source) / (degreeOf(source) + degreeOf(target));
  });
  const strengths = Float64Array.from(springs, ({ source, target }) => {
    return 1 / Math.min(degreeOf(source), degreeOf(target));
  });
  const nudge = (): number => (random() - 0.5) * 1e-6;

  return ({ x, y, vx, vy }, alpha) => {
    for (let i = 0; i < springs.length; i++) {
      const source = sources[i] ?? 0;
      const target = targets[i] ?? 0;
      // Where they would be next: both ends of a spring are looked at as they move.
      const dx = (x[target] ?? 0) + (vx[target] ?? 0) - (x[source] ?? 0) - (vx[source] ?? 0) || nudge();
      const dy = (y[target] ?? 0) + (vy[target] ?? 0) - (y[source] ?? 0) - (vy[source] ?? 0) || nudge();
      const length = Math.sqrt(dx * dx + dy * dy);
      const pull = ((length - (lengths[i] ?? 0)) / length) * alpha * (strengths[i] ?? 0);
      const bias = biases[i] ?? 0;
      vx[target] = (vx[target] ?? 0) - dx * pull * bias;
      vy[target] = (vy[target] ?? 0) - dy * pull * bias;
      vx[source] = (vx[source] ?? 0) + dx * pull * (1 - bias);
      vy[source] = (vy[source] ?? 0) + dy * pull * (1 - bias);
    }
  };
}
