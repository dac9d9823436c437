import type { LayoutLink } from '../messages.ts';

/** Who is linked with whom, either way, in rows one after another: those of `i` stand from `starts[i]` to `starts[i + 1]`. */
export interface Neighbours {
  readonly starts: Int32Array;
  readonly others: Int32Array;
}

export function neighboursOf(count: number, links: readonly LayoutLink[]): Neighbours {
  const starts = new Int32Array(count + 1);
  for (const { source, target } of links) {
    starts[source + 1] = (starts[source + 1] ?? 0) + 1;
    starts[target + 1] = (starts[target + 1] ?? 0) + 1;
  }
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const next = starts.slice();
  const others = new Int32Array(links.length * 2);
  const put = (of: number, other: number): void => {
    const at = next[of] ?? 0;
    others[at] = other;
    next[of] = at + 1;
  };
  for (const { source, target } of links) {
    put(source, target);
    put(target, source);
  }
  return { starts, others };
}

/** Hops from the nearest of `from`; −1: not to be reached within `most`. */
export function hopsFrom(from: readonly number[], { starts, others }: Neighbours, most: number): Int32Array {
  const hops = new Int32Array(starts.length - 1).fill(-1);
  let front = from;
  for (const index of front) hops[index] = 0;
  for (let hop = 1; hop <= most && front.length > 0; hop++) {
    const found: number[] = [];
    for (const index of front) {
      for (let at = starts[index] ?? 0; at < (starts[index + 1] ?? 0); at++) {
        const other = others[at] ?? 0;
        if (hops[other] !== -1) continue;
        hops[other] = hop;
        found.push(other);
      }
    }
    front = found;
  }
  return hops;
}
