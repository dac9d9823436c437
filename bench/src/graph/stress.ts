import type { EstateLink } from './generated-estate.ts';

const PIVOTS = 20;

/**
 * How far distances on the map are from hops in the graph, whatever the map's scale: Σ(s·d − h)² / h², the best s, averaged
 * over pairs of a pivot and a node that can be reached from it. 0: all in proportion. Sampled at the same pivots each time.
 */
export function stressOf(positions: Float32Array, links: readonly EstateLink[], random: () => number): number {
  const count = positions.length / 2;
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const { source, target } of links) {
    neighbours[source]?.push(target);
    neighbours[target]?.push(source);
  }
  // With w = 1 / h²: Σ w (s d − h)² is least at s = Σ w d h / Σ w d², where it is Σ w h² − s Σ w d h.
  let [alongBoth, alongMap, pairs] = [0, 0, 0];
  for (let pivot = 0; pivot < PIVOTS; pivot++) {
    const from = Math.floor(random() * count);
    for (const [node, hops] of hopsFrom(from, neighbours).entries()) {
      if (hops <= 0) continue;
      const distance = Math.hypot(
        (positions[node * 2] ?? 0) - (positions[from * 2] ?? 0),
        (positions[node * 2 + 1] ?? 0) - (positions[from * 2 + 1] ?? 0),
      );
      alongBoth += distance / hops;
      alongMap += (distance / hops) ** 2;
      pairs++;
    }
  }
  return (pairs - (alongBoth * alongBoth) / alongMap) / pairs;
}

/** −1: not to be reached. */
function hopsFrom(from: number, neighbours: readonly (readonly number[])[]): Int32Array {
  const hops = new Int32Array(neighbours.length).fill(-1);
  hops[from] = 0;
  let front = [from];
  for (let hop = 1; front.length > 0; hop++) {
    const next: number[] = [];
    for (const node of front) {
      for (const other of neighbours[node] ?? []) {
        if (hops[other] !== -1) continue;
        hops[other] = hop;
        next.push(other);
      }
    }
    front = next;
  }
  return hops;
}
