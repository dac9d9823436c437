import { join } from 'node:path';
import { openStore } from '@soa-monitor/server';
import { type Figure, print } from '../../figure.ts';
import { createEstate, type Estate } from '../load/estate.ts';
import { startMonitor } from '../measured/start-measured.ts';
import { CELL_COUNT_MIN, worstError } from './agreement.ts';
import { DATASET_SEED, type Dataset, dataset } from './dataset.ts';
import { openDuck, openRaw, type Peer } from './peers.ts';
import { type Question, questionsOf, type Store } from './questions.ts';
import { type Contender, interleaved, type Latencies, latencies } from './timing.ts';

const BENCH = 'queries';
const TRANSACTIONS = 200;
const MOMENTS = 30;
const MOMENTS_MILLIS_MAX = 20_000;

/** Questions about a day, beside DuckDB and plain SQLite on the same rows in the same run (docs/performance.md). */
export async function queriesBench(observations: number): Promise<void> {
  const day = await dataset(observations);
  const estate = createEstate(DATASET_SEED);
  process.stderr.write(
    `${BENCH}: ${day.observations} observations, ${day.exchanges} exchanges, ${day.wasKept ? 'kept' : 'made now'}\n`,
  );
  stored(day);
  const store = await openStore({ path: join(day.data, 'monitor.sqlite'), clock: () => day.to });
  const [duck, raw] = [await openDuck(day.folder), openRaw(day.folder)];
  let transactions: readonly string[] = [];
  try {
    for (const question of questionsOf(estate, day)) await compare(question, store, [duck, raw]);
    transactions = await someTransactions(store, day);
    await single(store, day, transactions);
  } finally {
    for (const peer of [duck, raw]) peer.close();
    await store.close();
  }
  await overHttp(estate, day, transactions);
}

function stored(day: Dataset): void {
  print(atMost('bytes on disk, everything included', day.storeBytes / day.observations, 'B/observation', 160, 100));
  const [, second] = day.costs;
  const last = day.costs.at(-1);
  if (second === undefined || last === undefined) return;
  const name = `CPU of the store an observation, ${millions(last.stored)} stored against ${millions(second.stored)}`;
  print(atMost(name, last.cpuMicros / second.cpuMicros, 'ratio', 1.3, 1.1));
}

async function compare(question: Question, store: Store, peers: readonly Peer[]): Promise<void> {
  for (const turn of [0, 1]) {
    const window = question.window(turn);
    const ours = await question.ours(store, window);
    for (const peer of peers) {
      // SQLite's percentile_disc takes another rank; its counts are held to ours all the same.
      const isExact = peer.name === 'DuckDB';
      const theirs = await peer.ask(question, window, isExact);
      const worst = worstError(`${question.name}, ${peer.name}`, isExact ? ours : ours.map(countsOnly), theirs);
      if (isExact && turn === 0 && question.name.startsWith('Q2'))
        print(
          atMost(
            `percentile error against nearest rank, worst cell with n ≥ ${CELL_COUNT_MIN}`,
            worst * 100,
            '%',
            3.2,
            2,
          ),
        );
    }
  }
  const contenders: Contender[] = [
    { name: 'ours', run: (turn) => question.ours(store, question.window(turn)) },
    ...peers.map((peer) => ({
      name: peer.name,
      run: (turn: number) => peer.ask(question, question.window(turn), true),
    })),
    ...peers
      .filter(({ name }) => name === 'DuckDB' && question.name.startsWith('Q1'))
      .map((peer) => ({
        name: 'DuckDB, counts only',
        run: (turn: number) => peer.ask(question, question.window(turn), false),
      })),
  ];
  const seen = await interleaved(contenders);
  const ours = seen.get('ours')?.median ?? Number.NaN;
  for (const [name, { median, p95, runs }] of seen) {
    print({ ...atMost(`${question.name}: ${name}, median`, median, 'ms', null, null), peer: null });
    process.stderr.write(
      `${question.name}: ${name} median ${median.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, ${runs} runs\n`,
    );
    const bound = question.bounds.find(({ peer }) => peer === name);
    if (name === 'ours') continue;
    const times = (seen.get(name)?.median ?? Number.NaN) / ours;
    print({
      ...{
        bench: BENCH,
        figure: `${question.name}: faster than ${name}`,
        value: Number(times.toPrecision(4)),
        unit: '×',
      },
      ...{ peer: name, must: bound?.must ?? null, goal: bound?.goal ?? null },
      holds: bound === undefined ? null : times >= bound.must,
    });
  }
}

const countsOnly = <C extends { readonly percentiles: unknown }>(cell: C) => ({ ...cell, percentiles: [] });

/** Ids of transactions from all over the day; one exchange in 20 was joined late, so most of these have such a one. */
async function someTransactions(store: Store, day: Dataset): Promise<readonly string[]> {
  const ids = new Set<string>();
  const filter = {
    node: null,
    link: null,
    operation: null,
    outcome: null,
    minDurationMicros: null,
    fault: null,
    text: null,
  };
  for (let turn = 0; turn < TRANSACTIONS; turn++) {
    const from = day.from + Math.floor(((turn * 0.6180339887) % 0.99) * (day.to - day.from));
    const window = { from, to: Math.min(day.to, from + 120_000_000) };
    const { exchanges } = await store.exchanges({ window, ...filter, cursor: null, limit: 1 });
    for (const { transaction } of exchanges) if (transaction !== null) ids.add(transaction);
  }
  return [...ids];
}

async function single(store: Store, day: Dataset, transactions: readonly string[]): Promise<void> {
  const found = await timed(transactions, async (id) => {
    const transaction = await store.transaction(id);
    if (transaction === null || transaction.exchanges.length === 0) throw new Error(`no transaction ${id}`);
  });
  tellSingle('one transaction by id, through the store', found, 5, 1);
  const pictures = await timed(momentsOf(day), (at) => store.picture(at));
  tellSingle('the picture at a moment, through the store', pictures, null, null);
}

async function overHttp(estate: Estate, day: Dataset, transactions: readonly string[]): Promise<void> {
  const server = await startMonitor({ folder: day.data });
  const ask = async (path: string): Promise<number> => {
    const answer = await fetch(`${server.url}${path}`);
    const { byteLength } = await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${answer.status} from ${path}`);
    return byteLength;
  };
  try {
    for (const question of questionsOf(estate, day)) {
      const seen = await interleaved([{ name: 'http', run: (turn) => ask(question.path(question.window(turn))) }]);
      const { median, p95 } = seen.get('http') ?? latencies([]);
      print(atMost(`${question.name}: over HTTP, median`, median, 'ms', null, null));
      print(atMost(`${question.name}: over HTTP, p95`, p95, 'ms', null, null));
    }
    const found = await timed(transactions, (id) => ask(`/api/v1/transactions/${id}`));
    tellSingle('one transaction by id, over HTTP', found, 5, 1);
    const pictures = await timed(momentsOf(day), (at) => ask(`/api/v1/replay?at=${at}`));
    tellSingle('the picture at a moment, over HTTP', pictures, 500, 200);
  } finally {
    await server.stop();
  }
}

function tellSingle(name: string, { median, p95 }: Latencies, must: number | null, goal: number | null): void {
  print(atMost(`${name}, median`, median, 'ms', null, null));
  print(atMost(`${name}, p95`, p95, 'ms', must, goal));
}

const momentsOf = (day: Dataset): readonly number[] =>
  Array.from(
    { length: MOMENTS },
    (_, turn) => day.from + Math.floor(((turn * 0.6180339887) % 1) * (day.to - day.from)),
  );

async function timed<Subject>(
  subjects: readonly Subject[],
  run: (subject: Subject) => Promise<unknown>,
): Promise<Latencies> {
  const millis: number[] = [];
  const until = performance.now() + MOMENTS_MILLIS_MAX;
  // The first one opens what is opened once.
  const [first] = subjects;
  if (first !== undefined) await run(first);
  for (const subject of subjects) {
    if (performance.now() > until) break;
    const startedAt = performance.now();
    await run(subject);
    millis.push(performance.now() - startedAt);
  }
  return latencies(millis);
}

const millions = (rows: number): string => `${(rows / 1e6).toFixed(rows < 1e6 ? 2 : 1)} M`;

const atMost = (name: string, value: number, unit: string, must: number | null, goal: number | null): Figure => ({
  ...{ bench: BENCH, figure: name, value: Number(value.toPrecision(4)), unit, peer: null, must, goal },
  holds: must === null ? null : value <= must,
});
