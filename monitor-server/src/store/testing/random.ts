/** A seeded random source: the same seed gives the same world. */
export interface Random {
  /** In [0, 1). */
  unit(): number;
  chance(share: number): boolean;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  pick<Value>(from: readonly Value[]): Value;
}

/** mulberry32: enough for scenarios, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    unit,
    chance: (share) => unit() < share,
    between: (from, to) => from + Math.floor(unit() * (to - from + 1)),
    pick(from) {
      const picked = from[Math.floor(unit() * from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
}
