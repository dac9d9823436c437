import type { LayoutBody, LayoutLink } from '../messages.ts';

interface Map2D {
  readonly bodies: readonly LayoutBody[];
  readonly links: readonly LayoutLink[];
}

const COLUMN = 300;
const ROW = 110;
const CELL = 130;
const MACHINE_AIR = 160;
/** Rounds of putting each node beside the middle of its neighbours; more change nothing that is seen. */
const ORDER_ROUNDS = 8;
/** A column higher than this stands in several. */
const ROWS_MAX = 40;

/** Callers to the left of what they call, each column in an order that crosses few links. x, y of each body. */
export function layered({ bodies, links }: Map2D): Float32Array {
  const layers = layersOf(bodies.length, links);
  const columns: number[][] = [];
  for (const [index, layer] of layers.entries()) {
    const column = columns[layer] ?? [];
    column.push(index);
    columns[layer] = column;
  }
  const rank = new Float64Array(bodies.length);
  for (const column of columns)
    for (const [row, index] of (column ?? []).entries()) rank[index] = row - column.length / 2;
  for (let round = 0; round < ORDER_ROUNDS; round++) order(columns, links, rank, bodies);
  return placesOf(columns, bodies.length);
}

/** How many calls lie before a node at most, going round in no circle: a call back to an earlier one counts for nothing. */
function layersOf(count: number, links: readonly LayoutLink[]): Int32Array {
  const leaving: number[][] = Array.from({ length: count }, () => []);
  const entering = new Int32Array(count);
  for (const { source, target } of links) {
    if (source === target) continue;
    leaving[source]?.push(target);
    entering[target] = (entering[target] ?? 0) + 1;
  }
  const layers = new Int32Array(count);
  const isDone = new Uint8Array(count);
  let ready = [...entering.keys()].filter((index) => entering[index] === 0);
  for (let left = count; left > 0; ) {
    // Only circles are left: the one with the fewest callers waiting begins.
    if (ready.length === 0) ready = [leastWaiting(entering, isDone)];
    const next: number[] = [];
    for (const index of ready) {
      if (isDone[index] === 1) continue;
      isDone[index] = 1;
      left--;
      for (const target of leaving[index] ?? []) {
        if (isDone[target] === 1) continue;
        layers[target] = Math.max(layers[target] ?? 0, (layers[index] ?? 0) + 1);
        entering[target] = (entering[target] ?? 0) - 1;
        if (entering[target] === 0) next.push(target);
      }
    }
    ready = next;
  }
  return layers;
}

function leastWaiting(entering: Int32Array, isDone: Uint8Array): number {
  let found = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < entering.length; i++) {
    if (isDone[i] === 1 || (entering[i] ?? 0) >= least) continue;
    least = entering[i] ?? 0;
    found = i;
  }
  return found;
}

function order(
  columns: readonly number[][],
  links: readonly LayoutLink[],
  rank: Float64Array,
  bodies: readonly LayoutBody[],
): void {
  const sums = new Float64Array(rank.length);
  const counts = new Int32Array(rank.length);
  for (const { source, target } of links) {
    sums[source] = (sums[source] ?? 0) + (rank[target] ?? 0);
    sums[target] = (sums[target] ?? 0) + (rank[source] ?? 0);
    counts[source] = (counts[source] ?? 0) + 1;
    counts[target] = (counts[target] ?? 0) + 1;
  }
  const wish = (index: number): number =>
    counts[index] === 0 ? (rank[index] ?? 0) : (sums[index] ?? 0) / (counts[index] ?? 1);
  for (const column of columns) {
    column.sort((a, b) => wish(a) - wish(b) || ((bodies[a]?.id ?? '') < (bodies[b]?.id ?? '') ? -1 : 1));
    for (const [row, index] of column.entries()) rank[index] = row - column.length / 2;
  }
}

function placesOf(columns: readonly number[][], count: number): Float32Array {
  const places = new Float32Array(count * 2);
  let x = 0;
  for (const column of columns) {
    for (let from = 0; from < column.length; from += ROWS_MAX) {
      const rows = column.slice(from, from + ROWS_MAX);
      for (const [row, index] of rows.entries()) {
        places[index * 2] = x;
        places[index * 2 + 1] = (row - (rows.length - 1) / 2) * ROW;
      }
      x += COLUMN;
    }
  }
  return places;
}

/** Machines as blocks side by side, the nodes of each server together; what is on none stands in a block of its own. */
export function byMachine({ bodies }: Map2D): Float32Array {
  const blocks = new Map<string, number[]>();
  for (const [index, { groups }] of bodies.entries()) {
    const machine = groups[0] ?? '';
    const of = blocks.get(machine);
    if (of === undefined) blocks.set(machine, [index]);
    else of.push(index);
  }
  const ordered = [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, of]) => of);
  const places = new Float32Array(bodies.length * 2);
  const area = ordered.reduce((sum, of) => sum + (sideOf(of.length) + MACHINE_AIR) ** 2, 0);
  const width = Math.sqrt(area * 1.6);
  let [left, top, tallest] = [0, 0, 0];
  for (const of of ordered) {
    const side = sideOf(of.length);
    if (left > 0 && left + side > width) {
      left = 0;
      top += tallest + MACHINE_AIR;
      tallest = 0;
    }
    const perRow = Math.ceil(Math.sqrt(of.length));
    of.sort((a, b) => ((bodies[a]?.groups.at(-1) ?? '') < (bodies[b]?.groups.at(-1) ?? '') ? -1 : 1));
    for (const [step, index] of of.entries()) {
      places[index * 2] = left + (step % perRow) * CELL;
      places[index * 2 + 1] = top + Math.floor(step / perRow) * CELL;
    }
    tallest = Math.max(tallest, side);
    left += side + MACHINE_AIR;
  }
  return places;
}

const sideOf = (count: number): number => Math.ceil(Math.sqrt(count)) * CELL;
