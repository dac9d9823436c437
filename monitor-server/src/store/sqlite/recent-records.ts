import type { Key } from './exchange-key.ts';

/**
 * Where the records lie that came last, by process and number: an `open` that its `close` has overtaken, or a call made
 * after the call that caused it was answered, finds its record here when it has left the memory. Bounded: two generations,
 * of which the older goes when the younger is full.
 */
export interface RecentRecords {
  saw(process: number, exchangeNo: number, key: Key): void;
  find(process: number, exchangeNo: number): Key | null;
}

export const GENERATION_MAX = 150_000;

type Generation = Map<number, Map<number, Key>>;

export function createRecentRecords(generationMax = GENERATION_MAX): RecentRecords {
  let young: Generation = new Map();
  let old: Generation = new Map();
  let size = 0;
  return {
    saw(process, exchangeNo, { time, seq }) {
      if (size >= generationMax) {
        old = young;
        young = new Map();
        size = 0;
      }
      const ofProcess = young.get(process) ?? new Map<number, Key>();
      young.set(process, ofProcess);
      ofProcess.set(exchangeNo, { time, seq });
      size++;
    },
    find: (process, exchangeNo) => young.get(process)?.get(exchangeNo) ?? old.get(process)?.get(exchangeNo) ?? null,
  };
}
