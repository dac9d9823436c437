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
  let state = seed >>> 0;
  // mulberry32: 32 bits of state are enough for a load, and it is fast.
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
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
