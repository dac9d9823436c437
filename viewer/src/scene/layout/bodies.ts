/** Nodes as the forces see them: columns, one entry to a body. Scene units; velocities in units a tick. */
export interface Bodies {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly vx: Float64Array;
  readonly vy: Float64Array;
  /** Of the many-body force; below zero it repels. */
  readonly charge: Float64Array;
  readonly radius: Float64Array;
  /** How much of its motion a body makes, 0 to 1: what has settled is cold, what is new is hot. */
  readonly heat: Float64Array;
  /** 1: it stays where it is. */
  readonly fixed: Uint8Array;
}

/** One force: changes velocities, reads the rest. `alpha` cools from 1 to 0 as the layout settles. */
export type BodyForce = (bodies: Bodies, alpha: number) => void;

export function createBodies(count: number): Bodies {
  const column = (): Float64Array => new Float64Array(count);
  return {
    count,
    x: column(),
    y: column(),
    vx: column(),
    vy: column(),
    charge: column(),
    radius: column(),
    heat: column().fill(1),
    fixed: new Uint8Array(count),
  };
}
