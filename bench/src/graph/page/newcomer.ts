import { createLayout } from '../../../../viewer/src/scene/layout.ts';
import type { LayoutBody } from '../../../../viewer/src/scene/messages.ts';
import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import { type EstateLink, generateEstate } from '../generated-estate.ts';
import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';
import { stressOf } from '../stress.ts';
import { bodiesOf } from './estate-bodies.ts';

const CALLS_OF_NEWCOMER = 3;

/** A settled map with one more endpoint that three others of its domain call: how far the rest moves, and what it is worth then. */
export function newcomer({ nodes, calls, seed }: Extract<LayoutQuestion, { kind: 'newcomer' }>): LayoutAnswer {
  const random = seededRandom(seed);
  const estate = generateEstate(nodes, calls, random);
  const bodies = bodiesOf(estate);
  const before = settled(bodies, estate.calls, seed);
  const server = Math.floor(random() * estate.nodes.length);
  const { domain = 0, groups = [] } = estate.nodes[server] ?? {};
  const kin = [...estate.nodes.keys()].filter((index) => estate.nodes[index]?.domain === domain);
  const added: LayoutBody = { id: 'newcomer', kind: 'endpoint', groups, place: null, hint: null };
  const links = [
    ...estate.calls,
    ...Array.from({ length: CALLS_OF_NEWCOMER }, () => ({
      source: kin[Math.floor(random() * kin.length)] ?? 0,
      target: bodies.length,
    })),
  ];
  const kept = bodies.map((body, index): LayoutBody => {
    const [x, y] = [before[index * 2] ?? 0, before[index * 2 + 1] ?? 0];
    return { ...body, place: { x, y, pinned: false } };
  });
  const after = settled([...kept, added], links, seed);
  const fresh = settled([...bodies, added], links, seed);
  const length = meanLength(before, estate.calls);
  const moved = bodies.map((_, index) => distance(before, index, after, index) / length).sort((a, b) => a - b);
  const graph = [...links, ...estate.containment];
  return {
    kind: 'newcomer',
    movedP95: moved[Math.floor(moved.length * 0.95)] ?? Number.NaN,
    movedMost: moved.at(-1) ?? Number.NaN,
    stressToFresh: stressOf(after, graph, seededRandom(1)) / stressOf(fresh, graph, seededRandom(1)),
  };
}

function settled(bodies: readonly LayoutBody[], links: readonly EstateLink[], seed: number): Float32Array {
  const layout = createLayout({ bodies, links }, { seed });
  while (!layout.isSettled()) layout.tick(10);
  return layout.positions();
}

const distance = (a: Float32Array, i: number, b: Float32Array, j: number): number =>
  Math.hypot((a[i * 2] ?? 0) - (b[j * 2] ?? 0), (a[i * 2 + 1] ?? 0) - (b[j * 2 + 1] ?? 0));

const meanLength = (positions: Float32Array, links: readonly EstateLink[]): number =>
  links.reduce((sum, { source, target }) => sum + distance(positions, source, positions, target), 0) / links.length;
