/** Values by key where the highest version wins, so that any order and any repetition of puts gives the same values. */
export interface Newest<Value> {
  /** Whether the value was taken. An equal version says the same thing, and is not taken again. */
  put(key: string, version: number, value: Value): boolean;
  /** No value of this key up to this version counts any more. */
  bury(key: string, version: number): boolean;
  get(key: string): Value | undefined;
  delete(key: string): void;
  values(): IterableIterator<Value>;
  readonly size: number;
}

/** Graves are kept for merged exchanges only, and few: the oldest are forgotten. */
export const GRAVES_MAX = 20_000;

export function createNewest<Value>(): Newest<Value> {
  const values = new Map<string, Value>();
  const versions = new Map<string, number>();
  const graves = new Map<string, number>();
  return {
    put(key, version, value) {
      if (version <= (versions.get(key) ?? -1) || version <= (graves.get(key) ?? -1)) return false;
      values.set(key, value);
      versions.set(key, version);
      return true;
    },
    bury(key, version) {
      if (version > (graves.get(key) ?? -1)) graves.set(key, version);
      if (graves.size > GRAVES_MAX) forgetFirst(graves);
      if (version < (versions.get(key) ?? Number.POSITIVE_INFINITY)) return false;
      versions.delete(key);
      return values.delete(key);
    },
    get: (key) => values.get(key),
    delete(key) {
      values.delete(key);
      versions.delete(key);
    },
    values: () => values.values(),
    get size() {
      return values.size;
    },
  };
}

function forgetFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
