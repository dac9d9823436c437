import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import Graph from 'graphology';
import forceAtlas2 from 'graphology-layout-forceatlas2';
import { createLayout } from '../../../../viewer/src/scene/layout.ts';
import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import { type GeneratedEstate, generateEstate } from '../generated-estate.ts';
import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';
import { stressOf } from '../stress.ts';
import { bodiesOf } from './estate-bodies.ts';

type Settle = Extract<LayoutQuestion, { kind: 'settle' }>;

interface Run {
  readonly tickMillis: readonly number[];
  readonly totalMillis: number;
  readonly positions: Float32Array;
}

/** One layout from nothing to rest, and what its picture is worth. */
export function settle({ engine, nodes, calls, seed }: Settle): LayoutAnswer {
  const estate = generateEstate(nodes, calls, seededRandom(seed));
  const { tickMillis, totalMillis, positions } = ENGINES[engine](estate, seed);
  return {
    kind: 'settled',
    tickMillis: [...tickMillis].sort((a, b) => a - b)[tickMillis.length >> 1] ?? Number.NaN,
    totalMillis,
    ticks: tickMillis.length,
    stress: stressOf(positions, [...estate.calls, ...estate.containment], seededRandom(1)),
  };
}

const ENGINES: Record<Settle['engine'], (estate: GeneratedEstate, seed: number) => Run> = {
  own,
  d3,
  d3WithRoom,
  forceAtlas2: fa2,
};

/** The map's own, as it runs in the viewer: with containment and room around nodes. */
function own(estate: GeneratedEstate, seed: number): Run {
  const bodies = bodiesOf(estate);
  const began = performance.now();
  const layout = createLayout({ bodies, links: estate.calls }, { seed });
  const tickMillis: number[] = [];
  while (!layout.isSettled()) tickMillis.push(timed(() => layout.tick(1)));
  return { tickMillis, totalMillis: performance.now() - began, positions: layout.positions() };
}

/** Stock d3-force with its own schedule; the same charge, reach, theta, lengths and gravity. It has containment as links. */
function d3(estate: GeneratedEstate): Run {
  const began = performance.now();
  const { simulation, nodes } = d3Of(estate);
  const tickMillis: number[] = [];
  while (simulation.alpha() >= simulation.alphaMin()) tickMillis.push(timed(() => simulation.tick()));
  return { tickMillis, totalMillis: performance.now() - began, positions: positionsOf(nodes) };
}

/** The same with room around nodes, which the map has too: what a tick costs where both sides reckon the same forces. */
function d3WithRoom(estate: GeneratedEstate): Run {
  const began = performance.now();
  const { simulation, nodes } = d3Of(estate);
  simulation.force('room', forceCollide(RADIUS_AND_AIR).strength(0.8));
  const tickMillis: number[] = [];
  while (tickMillis.length < ROOM_TICKS) tickMillis.push(timed(() => simulation.tick()));
  return { tickMillis, totalMillis: performance.now() - began, positions: positionsOf(nodes) };
}

/** As many as the map's own schedule has. */
const ROOM_TICKS = 120;
const RADIUS_AND_AIR = 48;

const positionsOf = (nodes: readonly SimulationNodeDatum[]): Float32Array =>
  Float32Array.from(nodes.flatMap(({ x = 0, y = 0 }) => [x, y]));

function d3Of(estate: GeneratedEstate) {
  const nodes: SimulationNodeDatum[] = estate.nodes.map(() => ({}));
  const groupOf = (index: number): string | undefined => estate.nodes[index]?.groups.at(-1);
  const links = [...estate.calls, ...estate.containment].map(({ source, target }) => {
    return { source, target, length: groupOf(source) === groupOf(target) ? 138 : 230 };
  });
  const simulation = forceSimulation(nodes)
    .stop()
    .force(
      'links',
      forceLink<SimulationNodeDatum, { source: number; target: number; length: number }>(links).distance(
        ({ length }) => length,
      ),
    )
    .force('charge', forceManyBody().strength(-2_400).distanceMax(1_200).theta(0.9))
    .force('x', forceX().strength(0.035))
    .force('y', forceY().strength(0.06));
  return { simulation, nodes };
}

/** It never comes to rest by itself: only its ticks are compared. A call for several shares out what it costs to read the graph. */
const FA2_ROUNDS = 9;
const FA2_TICKS = 10;

function fa2(estate: GeneratedEstate, seed: number): Run {
  const random = seededRandom(seed);
  const began = performance.now();
  const graph = new Graph({ multi: true });
  for (const node of estate.nodes) graph.addNode(node.id, { x: random() * 1_000, y: random() * 1_000 });
  for (const { source, target } of [...estate.calls, ...estate.containment]) {
    graph.addEdge(estate.nodes[source]?.id, estate.nodes[target]?.id);
  }
  const settings = { barnesHutOptimize: true, barnesHutTheta: 0.9, scalingRatio: 10, gravity: 1 };
  const tickMillis: number[] = [];
  for (let round = 0; round < FA2_ROUNDS; round++) {
    tickMillis.push(timed(() => forceAtlas2.assign(graph, { iterations: FA2_TICKS, settings })) / FA2_TICKS);
  }
  const positions = Float32Array.from(
    estate.nodes.flatMap(({ id }) => [graph.getNodeAttribute(id, 'x'), graph.getNodeAttribute(id, 'y')]),
  );
  return { tickMillis, totalMillis: performance.now() - began, positions };
}

function timed(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}
