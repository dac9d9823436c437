import type { LinkFigures, Window } from '@soa-monitor/protocol';
import type { openStore } from '@soa-monitor/server';
import type { Estate, Pair } from '../load/estate.ts';

export type Store = Awaited<ReturnType<typeof openStore>>;

/** One cell of an answer, in a form that all engines' answers are brought to. */
export interface Cell {
  readonly key: string;
  readonly count: number;
  readonly faults: number;
  readonly bytes: number;
  /** p50, p95, p99 in µs. */
  readonly percentiles: readonly (number | null)[];
}

/** The same question in three languages. `ask` may give another window each time. */
export interface Question {
  readonly name: string;
  readonly window: (turn: number) => Window;
  readonly ours: (store: Store, window: Window) => Promise<readonly Cell[]>;
  readonly path: (window: Window) => string;
  /** What the peers group by, and what else they filter by. */
  readonly group: string;
  readonly where: string;
  readonly keyOf: (groups: readonly number[]) => string;
  readonly bounds: readonly { readonly peer: 'DuckDB' | 'raw SQLite'; readonly must: number; readonly goal: number }[];
}

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;

export function questionsOf(estate: Estate, day: Window): readonly Question[] {
  const pair = busiest(estate.pairs);
  const linkIds = new Map(estate.links.map(({ id, number }) => [id, number]));
  const wholeDay = (): Window => day;
  const byLink = (links: readonly LinkFigures[]): Cell[] =>
    links.map((link) => ({ key: String(linkIds.get(link.id)), ...cellOf(link) }));
  const byPair = (links: readonly LinkFigures[]): Cell[] =>
    links.map((link) => ({ key: `${linkIds.get(link.id)} ${link.operation}`, ...cellOf(link) }));
  const traffic = async (store: Store, window: Window, stepMicros: number, of: Pair | null): Promise<Cell[]> => {
    const filter = { node: null, link: of?.link.id ?? null, operation: of?.operation ?? null };
    const { buckets } = await store.traffic({ window, stepMicros, ...filter });
    return buckets.map((bucket) => ({ key: String(bucket.from / stepMicros), ...cellOf(bucket) }));
  };

  return [
    {
      name: 'Q1 24 h of traffic per minute, all links',
      window: wholeDay,
      ours: (store, window) => traffic(store, window, MINUTE, null),
      path: (window) => `/api/v1/traffic?${search(window)}&step=1m`,
      group: `time // ${MINUTE}`,
      where: '',
      keyOf: ([minute]) => String(minute),
      bounds: [{ peer: 'DuckDB', must: 1, goal: 3 }],
    },
    {
      name: 'Q2 24 h table per link and operation',
      window: wholeDay,
      ours: async (store, window) => byPair((await store.topology(window, 'operation')).links),
      path: (window) => `/api/v1/topology?${search(window)}&level=operation`,
      group: 'link, operation',
      where: '',
      keyOf: ([link = 0, operation = 0]) => `${link} ${estate.pairs[operation]?.operation}`,
      bounds: [
        { peer: 'raw SQLite', must: 30, goal: 60 },
        { peer: 'DuckDB', must: 1, goal: 2 },
      ],
    },
    {
      name: 'Q3 24 h of p95 per 5 min, one link and operation',
      window: wholeDay,
      ours: (store, window) => traffic(store, window, 5 * MINUTE, pair),
      path: (window) => `/api/v1/traffic?${search(window)}&step=5m&link=${pair.link.id}&operation=${pair.operation}`,
      group: `time // ${5 * MINUTE}`,
      where: ` AND link = ${pair.link.number} AND operation = ${pair.number}`,
      keyOf: ([bucket]) => String(bucket),
      bounds: [
        { peer: 'raw SQLite', must: 30, goal: 60 },
        { peer: 'DuckDB', must: 1.5, goal: 3 },
      ],
    },
    ...[0, 1].map(
      (unaligned): Question => ({
        name: `Q4 topology of a 1 h window, ${unaligned === 1 ? 'not aligned' : 'aligned to the minute'}`,
        window: (turn) => hourWithin(day, turn, unaligned === 1),
        ours: async (store, window) => byLink((await store.topology(window, 'endpoint')).links),
        path: (window) => `/api/v1/topology?${search(window)}&level=endpoint`,
        group: 'link',
        where: '',
        keyOf: ([link]) => String(link),
        bounds: [
          { peer: 'raw SQLite', must: 3, goal: 10 },
          { peer: 'DuckDB', must: 0.5, goal: 1 },
        ],
      }),
    ),
  ];
}

/** What the peers are asked: figures of the callers' sides. SQLite divides whole numbers by `/`, DuckDB by `//`. */
export function sqlOf(question: Question, engine: 'DuckDB' | 'raw SQLite', percentiles: boolean): string {
  const group = engine === 'DuckDB' ? question.group : question.group.replaceAll('//', '/');
  const places = Array.from({ length: group.split(',').length }, (_, index) => index + 1).join(', ');
  const ranks =
    engine === 'DuckDB'
      ? ', quantile_disc(end_offset, [0.5, 0.95, 0.99])'
      : ', percentile_disc(end_offset, 0.5), percentile_disc(end_offset, 0.95), percentile_disc(end_offset, 0.99)';
  return `SELECT ${group}, count(*), count(*) FILTER (WHERE outcome = 4), sum(request_bytes + reply_bytes)${percentiles ? ranks : ''}
    FROM observation WHERE role = 1 AND time >= $from AND time < $to${question.where} GROUP BY ${places}`;
}

const search = ({ from, to }: Window): string => `from=${from}&to=${to}`;

const cellOf = (
  figures: Pick<
    LinkFigures,
    'count' | 'faults' | 'requestBytes' | 'replyBytes' | 'p50Micros' | 'p95Micros' | 'p99Micros'
  >,
) => ({
  count: figures.count,
  faults: figures.faults,
  bytes: figures.requestBytes + figures.replyBytes,
  percentiles: [figures.p50Micros, figures.p95Micros, figures.p99Micros],
});

function hourWithin(day: Window, turn: number, unaligned: boolean): Window {
  const hours = (day.to - day.from) / HOUR - 2;
  const from = day.from + Math.floor((turn * 7.31) % hours) * HOUR + ((turn * 17) % 60) * MINUTE;
  const shift = unaligned ? 17_345_678 : 0;
  return { from: from + shift, to: from + shift + HOUR };
}

const busiest = (pairs: readonly Pair[]): Pair => {
  const [first, ...rest] = pairs;
  if (first === undefined) throw new Error('no pairs');
  return rest.reduce((best, pair) => (pair.weight > best.weight ? pair : best), first);
};
