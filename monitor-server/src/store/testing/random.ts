import { seededRandom } from '@soa-monitor/protocol';

/** A seeded random source: the same seed gives the same world. */
export interface Random {
  /** In [0, 1). */
  unit(): number;
  chance(share: number): boolean;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  pick<Value>(from: readonly Value[]): Value;
}

export function createRandom(seed: number): Random {
  const unit = seededRandom(seed);
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
