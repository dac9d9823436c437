import type { Bodies, BodyForce } from './bodies.ts';

/** d3-force's schedule: forces change velocities, velocities places, and `alpha` cools towards its target. No clock. */
export interface Simulation {
  readonly bodies: Bodies;
  alpha: number;
  alphaTarget: number;
  forces: readonly BodyForce[];
  tick(): void;
  isSettled(): boolean;
}

/** `ticks`: how many it takes from 1 down to `alphaMin`. */
export function createSimulation(
  bodies: Bodies,
  schedule: { readonly alphaMin: number; readonly ticks: number },
): Simulation {
  const decay = 1 - schedule.alphaMin ** (1 / schedule.ticks);
  const simulation: Simulation = {
    bodies,
    alpha: 1,
    alphaTarget: 0,
    forces: [],
    tick() {
      simulation.alpha += (simulation.alphaTarget - simulation.alpha) * decay;
      for (const force of simulation.forces) force(bodies, simulation.alpha);
      move(bodies);
    },
    isSettled: () => simulation.alpha < schedule.alphaMin && simulation.alphaTarget === 0,
  };
  return simulation;
}

/** Of a velocity, what is left after a tick: d3-force's velocityDecay of 0.4. */
const KEPT_VELOCITY = 0.6;

function move({ count, x, y, vx, vy, heat, fixed }: Bodies): void {
  for (let i = 0; i < count; i++) {
    const kept = fixed[i] === 1 ? 0 : (heat[i] ?? 1) * KEPT_VELOCITY;
    const nextX = (vx[i] ?? 0) * kept;
    const nextY = (vy[i] ?? 0) * kept;
    vx[i] = nextX;
    vy[i] = nextY;
    x[i] = (x[i] ?? 0) + nextX;
    y[i] = (y[i] ?? 0) + nextY;
  }
}

/** d3-force's forceX and forceY towards the middle; a window is wider than high, so the pull upright is stronger. */
export function createGravity(strengthX: number, strengthY: number): BodyForce {
  return ({ count, x, y, vx, vy }, alpha) => {
    for (let i = 0; i < count; i++) {
      vx[i] = (vx[i] ?? 0) - (x[i] ?? 0) * strengthX * alpha;
      vy[i] = (vy[i] ?? 0) - (y[i] ?? 0) * strengthY * alpha;
    }
  };
}
