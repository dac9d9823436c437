/**
 * k of the 1 in k exchanges that are shown, when there are more than a viewer can draw or a line can carry. Powers of two,
 * so that a larger k shows a part of what a smaller one shows. Raised at once, lowered after 5 s with room to spare.
 */
export interface Sampling {
  /** k for a delta of so many exchanges. */
  choose(exchanges: number, now: number): number;
}

export const EXCHANGES_PER_DELTA_MAX = 400;
const SAMPLE_MAX = 1 << 20;
const CALM_MICROS = 5_000_000;

export function createSampling(): Sampling {
  let k = 1;
  let crowdedAt = Number.NEGATIVE_INFINITY;
  return {
    choose(exchanges, now) {
      while (exchanges / k > EXCHANGES_PER_DELTA_MAX && k < SAMPLE_MAX) {
        k *= 2;
        crowdedAt = now;
      }
      if (k === 1) return k;
      if (exchanges / (k / 2) > EXCHANGES_PER_DELTA_MAX / 2) crowdedAt = now;
      if (now - crowdedAt >= CALM_MICROS) {
        k /= 2;
        crowdedAt = now;
      }
      return k;
    },
  };
}

/** What a viewer wished for, as the next power of two; 1 when it is no such number. */
export const wishedSample = (wish: unknown): number =>
  typeof wish === 'number' && wish >= 1 && wish <= SAMPLE_MAX ? 2 ** Math.ceil(Math.log2(wish)) : 1;
