import { openViewer } from '@soa-monitor/end-to-end';
import { atMost, type Figure, print } from '../figure.ts';
import { quantile } from '../statistics.ts';
import type { Pages } from './bundled-pages.ts';
import type { LayoutAnswer, LayoutQuestion } from './layout-question.ts';

const BENCH = 'graph';
const NODES = 5_000;
const CALLS = 10_000;
const ROUNDS = 3;
const NEWCOMERS = [11, 12, 13, 14, 15];

type Engine = Extract<LayoutQuestion, { kind: 'settle' }>['engine'];
const ENGINES: readonly Engine[] = ['own', 'd3', 'd3WithRoom', 'forceAtlas2'];

type Ask = (question: LayoutQuestion) => Promise<LayoutAnswer>;
type Settled = Extract<LayoutAnswer, { kind: 'settled' }>;
type Newcomer = Extract<LayoutAnswer, { kind: 'newcomer' }>;

/**
 * The layouts beside each other, each alone in a fresh worker of one page, taking turns: forth in one round, back in the
 * next. A run's tick is the median of all its ticks, from the first (code not yet compiled) to the last; a ratio is that of two
 * runs of one round, and the figure the median of the rounds.
 */
export async function layoutFigures(pages: Pages): Promise<void> {
  const { page, close } = await openViewer(pages.url('layout'));
  const ask: Ask = (question) =>
    page.evaluate(async (asked) => {
      const askLayout: Ask = Reflect.get(globalThis, 'askLayout');
      return askLayout(asked);
    }, question);
  try {
    await againstPeers(ask);
    await newcomers(ask);
    const large = await settle(ask, 'own', 20_000, 40_000);
    print(atMost(BENCH, '20,000 nodes, 40,000 calls: settled', large.totalMillis, 'ms', 8_000, 4_000));
  } finally {
    await close();
  }
}

async function againstPeers(ask: Ask): Promise<void> {
  const runs: Record<Engine, Settled[]> = { own: [], d3: [], d3WithRoom: [], forceAtlas2: [] };
  const { own, d3, d3WithRoom, forceAtlas2: fa2 } = runs;
  await settle(ask, 'own', 500, 1_000);
  for (let round = 0; round < ROUNDS; round++) {
    for (const engine of round % 2 === 0 ? ENGINES : [...ENGINES].reverse())
      runs[engine].push(await settle(ask, engine, NODES, CALLS));
  }
  const middle = (runs: readonly Settled[], of: (run: Settled) => number): number => quantile(runs.map(of), 0.5);
  const ratio = (peers: readonly Settled[], of: (run: Settled) => number): number =>
    quantile(
      peers.map((peer, round) => of(peer) / of(own[round] ?? peer)),
      0.5,
    );
  const tick = (run: Settled): number => run.tickMillis;
  const total = (run: Settled): number => run.totalMillis;
  const against = (peer: readonly Settled[], of: (run: Settled) => number, name: string): string =>
    `${name} ${middle(peer, of).toFixed(1)} ms, own ${middle(own, of).toFixed(1)} ms`;
  print({
    ...atLeast('layout tick, times as fast as stock d3-force', ratio(d3, tick), 4, 7),
    peer: against(d3, tick, 'd3-force'),
  });
  print({
    ...atLeast(
      'layout tick, times as fast as d3-force with room around nodes, as the map has it',
      ratio(d3WithRoom, tick),
      4,
      7,
    ),
    peer: against(d3WithRoom, tick, 'd3-force with forceCollide'),
  });
  print({
    ...atLeast('layout tick, times as fast as ForceAtlas2', ratio(fa2, tick), 5, 10),
    peer: against(fa2, tick, 'ForceAtlas2'),
  });
  print({
    ...atMost(BENCH, 'settled, against stock d3-force’s full schedule', 1 / ratio(d3, total), 'ratio', 0.25, 0.125),
    peer: against(d3, total, 'd3-force'),
  });
  print(atMost(BENCH, 'settled', middle(own, total), 'ms', 2_000, 800));
  print({
    ...atMost(
      BENCH,
      'stress against stock d3-force’s final',
      1 / ratio(d3, ({ stress }) => stress),
      'ratio',
      1.03,
      0.95,
    ),
    peer: `d3-force ${middle(d3, ({ stress }) => stress).toFixed(4)}, own ${middle(own, ({ stress }) => stress).toFixed(4)}`,
  });
}

async function newcomers(ask: Ask): Promise<void> {
  const large: Newcomer[] = [];
  const small: Newcomer[] = [];
  for (const seed of NEWCOMERS) {
    large.push(await newcomer(ask, NODES, CALLS, seed));
    small.push(await newcomer(ask, 24, 40, seed));
  }
  const worst = (of: readonly Newcomer[], value: (one: Newcomer) => number): number => Math.max(...of.map(value));
  print(
    atMost(
      BENCH,
      'one node added: others moved, p95',
      worst(large, (one) => one.movedP95),
      'link lengths',
      0.05,
      0.01,
    ),
  );
  print(
    atMost(
      BENCH,
      'one node added: others moved, largest',
      worst(large, (one) => one.movedMost),
      'link lengths',
      1,
      0.5,
    ),
  );
  const stresses = large.map((one) => one.stressToFresh);
  print({
    ...atMost(BENCH, 'one node added: stress to a fresh layout, median', quantile(stresses, 0.5), 'ratio', 1.01),
    peer: `of ${stresses.length} estates, the worst ${Math.max(...stresses).toFixed(3)}`,
  });
  print(
    atMost(
      BENCH,
      'one node added to 24: others moved, largest',
      worst(small, (one) => one.movedMost),
      'link lengths',
      0.25,
      0.1,
    ),
  );
}

async function settle(ask: Ask, engine: Engine, nodes: number, calls: number): Promise<Settled> {
  const answer = await ask({ kind: 'settle', engine, nodes, calls, seed: 7 });
  if (answer.kind !== 'settled') throw new Error(`asked to settle, told of ${answer.kind}`);
  return answer;
}

async function newcomer(ask: Ask, nodes: number, calls: number, seed: number): Promise<Newcomer> {
  const answer = await ask({ kind: 'newcomer', nodes, calls, seed });
  if (answer.kind !== 'newcomer') throw new Error(`asked for a newcomer, told of ${answer.kind}`);
  return answer;
}

const atLeast = (figure: string, value: number, must: number, goal: number): Figure => ({
  ...atMost(BENCH, figure, value, 'ratio', must, goal),
  holds: value >= must,
});
