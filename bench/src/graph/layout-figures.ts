import { openViewer } from '@soa-monitor/end-to-end';
import { atMost, type Figure, print } from '../figure.ts';
import { quantile } from '../statistics.ts';
import type { Pages } from './bundled-pages.ts';
import type { Engine, LayoutAnswer, LayoutQuestion, Round } from './layout-question.ts';

const BENCH = 'graph';
const NODES = 5_000;
const CALLS = 10_000;
const ROUNDS = 3;
const RACE_ROUNDS = 11;
const RACE_TICKS = 15;
const NEWCOMERS = [11, 12, 13, 14, 15];

type Ask = (question: LayoutQuestion) => Promise<LayoutAnswer>;
type Settled = Extract<LayoutAnswer, { kind: 'settled' }>;
type Newcomer = Extract<LayoutAnswer, { kind: 'newcomer' }>;

/**
 * The layouts beside each other in one page. Ticks are raced in one worker, from the same positions and as many of each; a
 * ratio is that of two calm ticks of one round, and the figure the median of the rounds. Whole schedules run each alone in a
 * fresh worker, taking turns.
 */
export async function layoutFigures(pages: Pages): Promise<void> {
  const { page, close } = await openViewer(pages.url('layout'));
  const ask: Ask = (question) =>
    page.evaluate(async (asked) => {
      const askLayout: Ask = Reflect.get(globalThis, 'askLayout');
      return askLayout(asked);
    }, question);
  try {
    await raced(ask);
    await wholeSchedules(ask);
    await newcomers(ask);
    const large = await settle(ask, 'own', 20_000, 40_000);
    print(atMost(BENCH, '20,000 nodes, 40,000 calls: settled', large.totalMillis, 'ms', 8_000, 4_000));
  } finally {
    await close();
  }
}

async function raced(ask: Ask): Promise<void> {
  const answer = await ask({
    kind: 'race',
    ...{ nodes: NODES, calls: CALLS, seed: 7, rounds: RACE_ROUNDS, ticks: RACE_TICKS },
  });
  if (answer.kind !== 'raced') throw new Error(`asked to race, told of ${answer.kind}`);
  const { rounds } = answer;
  const against = (peer: Engine, name: string, must: number, goal: number): void => {
    const ratios = rounds.map((round) => round[peer] / round.own);
    const middle = (of: (round: Round) => number): string => quantile(rounds.map(of), 0.5).toFixed(1);
    const spread = `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)} in ${rounds.length} rounds`;
    print({
      ...atLeast(`layout tick, times as fast as ${name}`, quantile(ratios, 0.5), must, goal),
      peer: `${middle((round) => round[peer])} ms, own ${middle(({ own }) => own)} ms; ${spread}`,
    });
  };
  against('d3', 'stock d3-force', 4, 7);
  against('d3WithRoom', 'd3-force with room around nodes, as the map has it', 4, 7);
  against('forceAtlas2', 'ForceAtlas2', 5, 10);
}

async function wholeSchedules(ask: Ask): Promise<void> {
  const [own, d3]: [Settled[], Settled[]] = [[], []];
  await settle(ask, 'own', 500, 1_000);
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await settle(ask, 'own', NODES, CALLS));
    d3.push(await settle(ask, 'd3', NODES, CALLS));
  }
  const middle = (runs: readonly Settled[], of: (run: Settled) => number): number => quantile(runs.map(of), 0.5);
  const ratio = (of: (run: Settled) => number): number =>
    quantile(
      own.map((run, round) => of(run) / of(d3[round] ?? run)),
      0.5,
    );
  const total = (run: Settled): number => run.totalMillis;
  const stress = (run: Settled): number => run.stress;
  print({
    ...atMost(BENCH, 'settled, against stock d3-force’s full schedule', ratio(total), 'ratio', 0.25, 0.125),
    peer: `d3-force ${middle(d3, total).toFixed(0)} ms, own ${middle(own, total).toFixed(0)} ms`,
  });
  print(atMost(BENCH, 'settled', middle(own, total), 'ms', 2_000, 800));
  print({
    ...atMost(BENCH, 'stress against stock d3-force’s final', ratio(stress), 'ratio', 1.03, 0.95),
    peer: `d3-force ${middle(d3, stress).toFixed(4)}, own ${middle(own, stress).toFixed(4)}`,
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
