import { seededRandom } from '@soa-monitor/protocol';

/** A source of chance that gives the same again for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number;
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  word(length: number, alphabet?: string): string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    word: (length, alphabet = LETTERS) => {
      let word = '';
      while (word.length < length) word += alphabet.charAt(below(alphabet.length));
      return word;
    },
  };
}
