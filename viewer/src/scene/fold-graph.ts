import { stateRank } from '@soa-monitor/protocol';
import type { Graph, GraphLink, LinkReading, NodeReading, Readings } from './messages.ts';

/** What a crowded map is folded to: a mark for each server or machine. */
export type FoldedTo = 'server' | 'machine';

/** A graph with its servers or machines closed, what they contain summed up in them. */
export interface Folded {
  readonly graph: Graph;
  /** Node of the whole graph → the node that stands for it. */
  readonly stands: Int32Array;
  /** Link of the whole graph → the link that sums it up. */
  readonly sums: Int32Array;
  /** Nodes of the whole graph that each node stands for. */
  readonly members: readonly (readonly number[])[];
  /** Number of each node of the folded graph. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** What contains a node is closed at the level asked for; what has no server or machine stands for itself. */
export function foldGraph(graph: Graph, to: FoldedTo): Folded {
  const numbers = new Map<string, number>();
  const nodes: Graph['nodes'][number][] = [];
  const members: number[][] = [];
  const stands = new Int32Array(graph.nodes.length);
  for (const [index, node] of graph.nodes.entries()) {
    const hull = node.hulls.map((at) => graph.hulls[at]).find((one) => one?.kind === to);
    const id = hull?.id ?? node.id;
    const number = numbers.get(id) ?? nodes.length;
    stands[index] = number;
    const of = members[number];
    if (of !== undefined) {
      of.push(index);
      continue;
    }
    numbers.set(id, number);
    members.push([index]);
    const { belongsTo } = node;
    const outer = to === 'server' ? node.hulls.slice(0, 1).filter((at) => graph.hulls[at]?.kind === 'machine') : [];
    nodes.push(
      hull === undefined
        ? { ...node, hulls: outer }
        : { id, kind: hull.kind, name: hull.name, belongsTo: to === 'server' ? belongsTo : '', hulls: outer },
    );
  }
  const { links, sums } = foldLinks(graph, stands, nodes);
  const linkOf = graph.linkOf.map((link) => sums[link] ?? -1);
  // Machines stay as hulls around their servers, under the numbers they have in the whole graph.
  const hulls = graph.hulls.map((hull) => {
    const within = hull.kind === 'machine' && to === 'server' ? hull.members : [];
    return { ...hull, members: [...new Set(within.map((member) => stands[member] ?? 0))] };
  });
  return { graph: { revision: graph.revision, nodes, links, hulls, linkOf }, stands, sums, members, numbers };
}

function foldLinks(
  graph: Graph,
  stands: Int32Array,
  nodes: Graph['nodes'],
): { links: readonly GraphLink[]; sums: Int32Array } {
  // A link whose both ends stand for themselves is itself; a sum of links has a name of its own.
  const idOf = ({ id, name, source, target }: GraphLink): string => {
    const [from, to] = [nodes[stands[source] ?? -1]?.id, nodes[stands[target] ?? -1]?.id];
    return name === undefined && from === graph.nodes[source]?.id && to === graph.nodes[target]?.id
      ? id
      : `${from}>${to}`;
  };
  const links: GraphLink[] = [];
  const numbers = new Map<number, number>();
  const sums = new Int32Array(graph.links.length);
  for (const [index, link] of graph.links.entries()) {
    const { source, target } = link;
    const [from, to] = [stands[source] ?? 0, stands[target] ?? 0];
    const key = from * nodes.length + to;
    const number = numbers.get(key) ?? links.length;
    if (number === links.length) {
      numbers.set(key, number);
      links.push({ id: idOf(link), source: from, target: to });
    }
    sums[index] = number;
  }
  return { links, sums };
}

/** Sums of what each mark stands for. A p95 of several is not known from theirs, so it is not told. */
export function foldReadings(whole: Graph, { graph, members, sums }: Folded, readings: Readings): Readings {
  const hullStates = new Map(whole.hulls.map((hull, index) => [hull.id, readings.hulls[index] ?? null]));
  return {
    revision: readings.revision,
    nodes: members.map((of, number) => {
      const all: NodeReading[] = [];
      for (const index of of) {
        const one = readings.nodes[index];
        if (one !== undefined) all.push(one);
      }
      return sumOfNodes(all, hullStates.get(graph.nodes[number]?.id ?? ''));
    }),
    links: sumsOfLinks(graph.links.length, sums, readings.links),
    hulls: readings.hulls,
  };
}

interface LinkSum {
  readonly first: LinkReading;
  count: number;
  perSecond: number;
  /** Of those whose share of faults is known: calls, and faults among them, a second. */
  calls: number;
  faults: number;
  inFlight: number;
  broken: boolean;
  absent: boolean;
  receding: boolean;
  hidden: boolean;
  change: Marks['change'];
}

/** In one pass over all of them: it is done anew each time that figures come. */
function sumsOfLinks(count: number, sums: Int32Array, readings: readonly LinkReading[]): readonly LinkReading[] {
  const found: (LinkSum | undefined)[] = new Array(count);
  for (let index = 0; index < readings.length; index++) {
    const one = readings[index];
    const at = sums[index];
    if (one === undefined || at === undefined) continue;
    const sum = found[at];
    if (sum === undefined) found[at] = sumFrom(one);
    else addTo(sum, one);
  }
  return Array.from(found, (sum) => (sum === undefined ? NO_LINK : sum.count === 1 ? sum.first : linkOfSum(sum)));
}

const sumFrom = (first: LinkReading): LinkSum => ({
  first,
  count: 1,
  perSecond: first.perSecond,
  calls: first.faultShare === null ? 0 : first.perSecond,
  faults: (first.faultShare ?? 0) * first.perSecond,
  inFlight: first.inFlight,
  broken: first.broken,
  absent: first.absent,
  receding: first.shade !== undefined,
  hidden: first.shade === 'hidden',
  change: first.change,
});

function addTo(sum: LinkSum, one: LinkReading): void {
  sum.count++;
  sum.perSecond += one.perSecond;
  if (one.faultShare !== null) {
    sum.calls += one.perSecond;
    sum.faults += one.faultShare * one.perSecond;
  }
  sum.inFlight += one.inFlight;
  sum.broken ||= one.broken;
  sum.absent &&= one.absent;
  sum.receding &&= one.shade !== undefined;
  sum.hidden &&= one.shade === 'hidden';
  if (one.change !== sum.change) sum.change = 'changed';
}

/** It recedes when all of it does, and has changed when any of it has. */
const linkOfSum = (sum: LinkSum): LinkReading => ({
  ...(sum.receding ? { shade: sum.hidden ? 'hidden' : 'dimmed' } : {}),
  ...(sum.change === undefined ? {} : { change: sum.change }),
  perSecond: sum.perSecond,
  p95Micros: null,
  faultShare: sum.calls === 0 ? null : sum.faults / sum.calls,
  inFlight: sum.inFlight,
  broken: sum.broken,
  absent: sum.absent,
});

function sumOfNodes(all: readonly NodeReading[], hullState: string | null | undefined): NodeReading {
  const [first] = all;
  if (first === undefined) return NO_NODE;
  if (all.length === 1 && hullState === undefined) return first;
  const states = all.flatMap(({ state }) => (state === null ? [] : [state]));
  const worst = states.reduce<string | null>((most, state) => {
    return most === null || stateRank(state) > stateRank(most) ? state : most;
  }, null);
  return {
    ...marksOf(all),
    state: hullState ?? worst,
    perSecond: sum(all, (one) => one.perSecond),
    inFlight: sum(all, (one) => one.inFlight),
    absent: all.every((one) => one.absent),
    pinned: false,
  };
}

type Marks = Pick<NodeReading, 'shade' | 'change'>;

/** A sum recedes when all of it does, and has changed when any of it has. */
function marksOf(all: readonly Marks[]): Marks {
  const isReceding = all.every(({ shade }) => shade !== undefined);
  const shade = all.every((one) => one.shade === 'hidden') ? 'hidden' : 'dimmed';
  const changes = new Set(all.map(({ change }) => change));
  const [change] = changes.size === 1 ? changes : ['changed' as const];
  return { ...(isReceding ? { shade } : {}), ...(change === undefined ? {} : { change }) };
}

const sum = <One>(all: readonly One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

const NO_NODE: NodeReading = { state: null, perSecond: 0, inFlight: 0, absent: false, pinned: false };
const NO_LINK: LinkReading = {
  perSecond: 0,
  p95Micros: null,
  faultShare: null,
  inFlight: 0,
  broken: false,
  absent: false,
};
