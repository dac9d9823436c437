import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import iterate from 'graphology-layout-forceatlas2/iterate.js';
import { createLayout } from '../../../../viewer/src/scene/layout.ts';
import type { GeneratedEstate } from '../generated-estate.ts';
import type { Engine } from '../layout-question.ts';
import { bodiesOf } from './estate-bodies.ts';

/** A layout of an estate, tick by tick. */
export interface Running {
  tick(): void;
  /** Whether its own schedule has come to its end. */
  isSettled(): boolean;
  positions(): Float32Array;
}

/** Begins a layout at these positions; null: where it begins by itself. */
type Begin = (estate: GeneratedEstate, seed: number, positions: Float32Array | null) => Running;

/** All reckon at this. */
const THETA = 0.9;

/** The same charge, reach, lengths and gravity for ours and d3-force's. */
export const ENGINES: Record<Engine, Begin> = {
  own: beginOwn,
  d3: (estate, _, positions) => beginD3(estate, positions, false),
  d3WithRoom: (estate, _, positions) => beginD3(estate, positions, true),
  forceAtlas2: (estate, _, positions) => beginForceAtlas2(estate, positions),
};

/** The map's own, as it runs in the viewer: with containment and room around nodes. */
function beginOwn(estate: GeneratedEstate, seed: number, positions: Float32Array | null): Running {
  const bodies = bodiesOf(estate).map((body, index) =>
    positions === null ? body : { ...body, hint: { x: positions[index * 2] ?? 0, y: positions[index * 2 + 1] ?? 0 } },
  );
  const layout = createLayout({ bodies, links: estate.calls }, { seed });
  return { tick: () => layout.tick(1), isSettled: layout.isSettled, positions: layout.positions };
}

const RADIUS_AND_AIR = 48;

/** Stock d3-force; it has containment as links. `hasRoom`: room around nodes too, which the map has: then both reckon the same forces. */
function beginD3(estate: GeneratedEstate, positions: Float32Array | null, hasRoom: boolean): Running {
  const nodes = estate.nodes.map((_, index): SimulationNodeDatum => {
    const [x, y] = [positions?.[index * 2], positions?.[index * 2 + 1]];
    return x === undefined || y === undefined ? {} : { x, y };
  });
  const groupOf = (index: number): string | undefined => estate.nodes[index]?.groups.at(-1);
  const links = [...estate.calls, ...estate.containment].map(({ source, target }) => {
    return { source, target, length: groupOf(source) === groupOf(target) ? 138 : 230 };
  });
  const springs = forceLink<SimulationNodeDatum, { source: number; target: number; length: number }>(links);
  const simulation = forceSimulation(nodes).stop();
  simulation.force(
    'links',
    springs.distance(({ length }) => length),
  );
  simulation.force('charge', forceManyBody().strength(-2_400).distanceMax(1_200).theta(THETA));
  simulation.force('x', forceX().strength(0.035)).force('y', forceY().strength(0.06));
  if (hasRoom) simulation.force('room', forceCollide(RADIUS_AND_AIR).strength(0.8));
  return {
    tick: () => void simulation.tick(),
    isSettled: () => simulation.alpha() < simulation.alphaMin(),
    positions: () => Float32Array.from(nodes.flatMap(({ x = 0, y = 0 }) => [x, y])),
  };
}

/** Numbers to a node and to an edge in the arrays of ForceAtlas2. */
const [PER_NODE, PER_EDGE] = [10, 3];
const FA2_SETTINGS = {
  linLogMode: false,
  outboundAttractionDistribution: false,
  adjustSizes: false,
  edgeWeightInfluence: 1,
  scalingRatio: 10,
  strongGravityMode: false,
  gravity: 1,
  slowDown: 1,
  barnesHutOptimize: true,
  barnesHutTheta: THETA,
};

/** Its inner loop alone, as its own worker runs it: reading the graph into arrays and back is not counted. It never comes to rest by itself. */
function beginForceAtlas2(estate: GeneratedEstate, positions: Float32Array | null): Running {
  const nodes = new Float32Array(estate.nodes.length * PER_NODE);
  for (let index = 0; index < estate.nodes.length; index++) {
    const [x, y] = [positions?.[index * 2] ?? index, positions?.[index * 2 + 1] ?? -index];
    // x, y, four speeds, mass, convergence, size, fixed.
    nodes.set([x, y, 0, 0, 0, 0, 1, 1, 1, 0], index * PER_NODE);
  }
  const links = [...estate.calls, ...estate.containment];
  const edges = new Float32Array(links.length * PER_EDGE);
  for (const [index, { source, target }] of links.entries()) {
    edges.set([source * PER_NODE, target * PER_NODE, 1], index * PER_EDGE);
    // A node weighs as much as it has edges.
    for (const end of [source, target]) nodes[end * PER_NODE + 6] = (nodes[end * PER_NODE + 6] ?? 0) + 1;
  }
  return {
    tick: () => void iterate(FA2_SETTINGS, nodes, edges),
    isSettled: () => false,
    positions: () =>
      Float32Array.from(
        estate.nodes.flatMap((_, index) => [nodes[index * PER_NODE] ?? 0, nodes[index * PER_NODE + 1] ?? 0]),
      ),
  };
}
