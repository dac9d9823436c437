import { seededRandom } from '@soa-monitor/protocol';

/** Draws that are the same for the same seed, on every machine. */
export interface Random {
  /** 0 ≤ unit() < 1. */
  unit(): number;
  /** A whole number in [0, below). */
  below(bound: number): number;
  /** Log-normal around the median; one draw in 100 is eight times as large. */
  latency(medianMicros: number): number;
}

const SPREAD = 0.6;
const TAIL_SHARE = 0.01;
const TAIL_FACTOR = 8;

export function createRandom(seed: number): Random {
  const unit = seededRandom(seed);
  return {
    unit,
    below: (bound) => Math.floor(unit() * bound),
    latency(medianMicros) {
      const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
      const factor = unit() < TAIL_SHARE ? TAIL_FACTOR : 1;
      return Math.max(1, Math.round(medianMicros * Math.exp(SPREAD * normal) * factor));
    },
  };
}
