import type { Explain, ExplainedTier, Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { bucketOfKey } from './band-blob.ts';
import {
  addColumns,
  countDense,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
  numberAt,
} from './dense-figures.ts';
import { type Kept, keptMinutes, readKept } from './kept.ts';
import { planReading, type Readable, type Stretch } from './plan-reading.ts';
import { readTier } from './read-tier.ts';
import { countedSince } from './recount.ts';
import { HOUR, MINUTE, TIERS, type Tier, TOTAL_SECONDS } from './tiers.ts';

/** Where the figures of a link and operation are added up, for the stretch that begins at `at`; null: not wanted. */
export type Into = (link: number, operation: number, at: number) => DenseFigures | null;

export interface Folding {
  readonly window: Window;
  /** Figures are told apart by steps of so long; a tier that is coarser is not read. Null: one sum. */
  readonly stepMicros: number | null;
  /** Only these links, by number; null: all. */
  readonly links: readonly number[] | null;
  /** Only this operation, by number; null: all. */
  readonly operation: number | null;
  /** Only the sum over all links and operations is asked: given as link 0 and operation 0 where it is kept. */
  readonly isTotal: boolean;
}

/**
 * Folds all that was counted in a window: whole hours, ten minutes and minutes from their tiers, the ragged edges from the
 * facts. What is not exact is said in the explanation: edges that are expired, or so dense that they are left out.
 */
export function foldFigures(database: Database, folding: Folding, renew: () => void, into: Into): Explain {
  const kept = readKept(database);
  const reading: Reading = { database, folding, renew, into, kept, rows: new Map(), partial: [] };
  const tiers = folding.isTotal && folding.window.from >= kept.totalsSince ? totalTiers(kept) : linkTiers(kept);
  const { stepMicros } = folding;
  const fitting = tiers
    .filter(({ micros }) => stepMicros === null || stepMicros % micros === 0)
    .map((tier, index) => (index === 0 ? sinceFacts(tier, folding.window, kept) : tier));
  const stretches = planReading(boundedBy(folding.window, database), 'facts', fitting);
  for (const stretch of stretches) readStretch(reading, stretch, stretches.length > 1);
  if (folding.window.from < kept.rollupsSince)
    reading.partial.push({ reason: 'expired', before: kept.rollupsSince, exchanges: null });
  const rows = [...reading.rows].map(([tier, read]) => ({ tier, rows: read }));
  return {
    tiers: rows,
    rowsRead: rows.reduce((sum, { rows: read }) => sum + read, 0),
    partial: reading.partial,
  };
}

/** The figures of each link and operation in a window. */
export function readFigures(
  database: Database,
  window: Window,
  renew: () => void,
  take: (link: number, operation: number, figures: DenseFigures) => void,
): Explain {
  const sums = new Map<number, Map<number, DenseFigures>>();
  const folding = { window, stepMicros: null, links: null, operation: null, isTotal: false };
  const explain = foldFigures(database, folding, renew, (link, operation) => {
    const ofLink = sums.get(link) ?? new Map<number, DenseFigures>();
    sums.set(link, ofLink);
    const figures = ofLink.get(operation) ?? noDenseFigures();
    ofLink.set(operation, figures);
    return figures;
  });
  for (const [link, ofLink] of sums)
    for (const [operation, figures] of ofLink) if (figures.count > 0) take(link, operation, figures);
  return explain;
}

type TierKey = ExplainedTier;

interface Reading {
  readonly database: Database;
  readonly folding: Folding;
  readonly renew: () => void;
  readonly into: Into;
  readonly kept: Kept;
  readonly rows: Map<TierKey, number>;
  readonly partial: Explain['partial'][number][];
}

const BY_NAME = new Map<TierKey, Tier>(TIERS.map((tier) => [tier.name, tier]));
const TOTAL_NAMES: readonly TierKey[] = ['totalSecond', 'totalMinute', 'totalTenMinutes', 'totalHour'];

const linkTiers = (kept: Kept): readonly Readable<TierKey>[] =>
  TIERS.map(({ name, micros }) => ({ name, micros, since: 0, until: kept.closedUntil(name) }));

const totalTiers = ({ totalsSince }: Kept): readonly Readable<TierKey>[] =>
  TOTAL_SECONDS.map((seconds, index) => ({
    name: TOTAL_NAMES[index] ?? 'totalSecond',
    micros: seconds * 1_000_000,
    since: totalsSince,
    until: Number.MAX_SAFE_INTEGER,
  }));

/** What is taken out at an end is read from the facts: the first bucket must not begin before they do. */
function sinceFacts(tier: Readable<TierKey>, { from }: Window, { factsSince }: Kept): Readable<TierKey> {
  const since = Math.ceil(factsSince / tier.micros) * tier.micros;
  return from < factsSince ? tier : { ...tier, since: Math.max(tier.since, since) };
}

/** A window may begin in 1970 and end in 2099: only what exists is walked. */
function boundedBy({ from, to }: Window, database: Database): Window {
  const minutes = keptMinutes(database);
  if (minutes === null) return { from, to: from };
  const oldest = database.prepare<[], number | null>(`SELECT min(key) FROM ${HOUR.bands}`).pluck().get() ?? null;
  const begin = Math.min(minutes.first * MINUTE.micros, oldest === null ? Infinity : bucketOfKey(oldest) * HOUR.micros);
  const bounded = Math.max(from, begin);
  return { from: bounded, to: Math.max(bounded, Math.min(to, (minutes.last + 1) * MINUTE.micros)) };
}

function readStretch(reading: Reading, stretch: Stretch<TierKey>, isPart: boolean): void {
  const total = TOTAL_NAMES.indexOf(stretch.tier);
  const tier = BY_NAME.get(stretch.tier);
  if (total >= 0) readTotals(reading, stretch, TOTAL_SECONDS[total] ?? 1);
  else if (tier !== undefined) readCells(reading, stretch, tier);
  else readFacts(reading, stretch, isPart ? EDGE_EXCHANGES_MAX : EXCHANGES_MAX);
}

/** Exchanges read for one ragged edge, at most: some 0.1 s. An edge that has more is left out, and said to be. */
const EDGE_EXCHANGES_MAX = 50_000;
/** Exchanges read where there is no tier that fits: some 2 s. */
const EXCHANGES_MAX = 1_000_000;

function readFacts(reading: Reading, { from, to, sign }: Stretch<TierKey>, exchangesMax: number): void {
  const { database, folding, kept, into } = reading;
  const expected = countBetween(database, from, to);
  if (from < kept.factsSince) {
    reading.partial.push({ reason: 'expired', before: kept.factsSince, exchanges: expected });
    return;
  }
  if (expected > exchangesMax) {
    reading.partial.push({ reason: 'cut', before: null, exchanges: expected });
    return;
  }
  const links = folding.links === null ? null : new Set(folding.links);
  let rows = 0;
  for (const { link, operation, start, counted } of countedSince(database, from, to, reading.renew)) {
    rows++;
    if (links !== null && !links.has(link)) continue;
    if (folding.operation !== null && operation !== folding.operation) continue;
    const figures = into(link, operation, start);
    if (figures !== null) countDense(figures, counted, sign);
  }
  add(reading, 'facts', rows);
}

/** How many exchanges began there, of all links, to the second: by what an answer is inexact that leaves them out. */
function countBetween(database: Database, from: number, to: number): number {
  const sum = database.prepare<[number, number], { count: number }>(
    'SELECT coalesce(sum(count), 0) AS count FROM rollup_total WHERE seconds = 1 AND bucket >= ? AND bucket < ?',
  );
  return sum.get(Math.floor(from / 1_000_000), Math.ceil(to / 1_000_000))?.count ?? 0;
}

function readCells(reading: Reading, { from, to, sign }: Stretch<TierKey>, tier: Tier): void {
  const { database, folding, into, kept, renew } = reading;
  const { links, operation } = folding;
  const [first, last] = [from / tier.micros, to / tier.micros];
  const which = { tier, from: first, to: last, sign, links, operation, openSince: kept.openSince };
  const rows = readTier(database, which, renew, (link, of, bucket) => into(link, of, bucket * tier.micros));
  add(reading, tier.name, rows);
}

const TOTALS_PER_PAGE = 5_000;

function readTotals(reading: Reading, { tier, from, to, sign }: Stretch<TierKey>, seconds: number): void {
  const { database, into, renew } = reading;
  const select = database
    .prepare<[number, number, number], FigureRow>(
      `SELECT bucket, ${FIGURE_COLUMNS} FROM rollup_total WHERE seconds = ? AND bucket >= ? AND bucket < ?`,
    )
    .raw();
  const micros = seconds * 1_000_000;
  let rows = 0;
  for (let bucket = from / micros; bucket < to / micros; bucket += TOTALS_PER_PAGE) {
    const cells = select.all(seconds, bucket, Math.min(bucket + TOTALS_PER_PAGE, to / micros));
    for (const row of cells) {
      const figures = into(0, 0, numberAt(row, 0) * micros);
      if (figures !== null) addColumns(figures, row, 1, sign);
    }
    rows += cells.length;
    renew();
  }
  add(reading, tier, rows);
}

const add = ({ rows }: Reading, tier: TierKey, read: number): void => void rows.set(tier, (rows.get(tier) ?? 0) + read);
