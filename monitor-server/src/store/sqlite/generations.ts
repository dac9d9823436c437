/**
 * A map that forgets what was used longest ago, about: what is not asked for while a generation fills goes with the one after.
 * (A map in the order of use, whose oldest is taken out for each new one, walks over all its removed entries to find it.)
 */
export interface Generations<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
}

/** Keeps between `size` and twice as many. `mustStay`: what is carried on whatever its age. */
export function createGenerations<Key, Value>(
  size: number,
  mustStay: (value: Value) => boolean = () => false,
): Generations<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();

  const set = (key: Key, value: Value): void => {
    if (young.size >= size) {
      const left = old;
      old = young;
      young = new Map();
      for (const [oldKey, oldValue] of left) if (mustStay(oldValue) && !old.has(oldKey)) young.set(oldKey, oldValue);
    }
    young.set(key, value);
  };
  return {
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
  };
}
