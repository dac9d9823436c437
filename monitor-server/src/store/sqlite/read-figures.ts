import type { Explain, ExplainedTier, Window } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { addColumns, type DenseFigures, FIGURE_COLUMNS, type FigureRow, numberAt } from './dense-figures.ts';
import { createKeptReader, type Kept } from './kept.ts';
import { planReading, type Readable, type Stretch } from './plan-reading.ts';
import { createEdgeReader } from './read-edges.ts';
import { createTierReader } from './read-tier.ts';
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

/** Where all of a window is wanted. */
export const ALL = { stepMicros: null, links: null, operation: null, isTotal: false } as const;

/**
 * Folds all that was counted in a window: whole hours, ten minutes and minutes from their tiers, the ragged edges from the
 * facts. What is not exact is said in the explanation: edges that are expired, or so dense that they are left out.
 */
export type FoldFigures = (folding: Folding, renew: () => void, into: Into) => Explain;

/** Made once for a connection: what a question would prepare costs as much as a small answer. */
export function createFigureReader(database: Database): FoldFigures {
  const keptNow = createKeptReader(database);
  const readTier = createTierReader(database);
  const readTotals = createTotalReader(database);
  const edges = createEdgeReader(database);

  return (folding, renew, into) => {
    const { window, stepMicros, links, operation } = folding;
    const kept = keptNow();
    const rows = new Map<ExplainedTier, number>();
    const partial: Explain['partial'][number][] = [];
    const read = ({ tier: name, from, to, sign }: Stretch<ExplainedTier>, isPart: boolean): number => {
      const seconds = TOTAL_SECONDS[TOTAL_NAMES.indexOf(name)];
      if (seconds !== undefined) return readTotals({ seconds, from, to, sign }, renew, into);
      const tier = BY_NAME.get(name);
      if (tier === undefined) {
        const found = edges({ folding, from, to, sign, isPart, factsSince: kept.factsSince }, renew, into);
        if (found.partial !== null) partial.push(found.partial);
        return found.rows;
      }
      const { micros } = tier;
      const cells = { tier, from: from / micros, to: to / micros, sign, links, operation, openSince: kept.openSince };
      return readTier(cells, renew, (link, of, bucket) => into(link, of, bucket * micros));
    };

    const tiers = folding.isTotal && window.from >= kept.totalsSince ? totalTiers(kept) : linkTiers(kept);
    const fitting = tiers
      .filter(({ micros }) => stepMicros === null || stepMicros % micros === 0)
      .map((tier, index) => (index === 0 ? sinceFacts(tier, window, kept) : tier));
    const stretches = planReading(boundedBy(window, kept), 'facts', fitting);
    for (const stretch of stretches)
      rows.set(stretch.tier, (rows.get(stretch.tier) ?? 0) + read(stretch, stretches.length > 1));
    if (window.from < kept.rollupsSince)
      partial.push({ reason: 'expired', before: kept.rollupsSince, exchanges: null });
    return {
      tiers: [...rows].filter(([, count]) => count > 0).map(([tier, count]) => ({ tier, rows: count })),
      rowsRead: [...rows.values()].reduce((sum, count) => sum + count, 0),
      partial,
    };
  };
}

const BY_NAME = new Map<ExplainedTier, Tier>(TIERS.map((tier) => [tier.name, tier]));
const TOTAL_NAMES: readonly ExplainedTier[] = ['totalSecond', 'totalMinute', 'totalTenMinutes', 'totalHour'];

const linkTiers = (kept: Kept): readonly Readable<ExplainedTier>[] =>
  TIERS.map(({ name, micros }) => ({ name, micros, since: 0, until: kept.closedUntil(name) }));

const totalTiers = ({ totalsSince }: Kept): readonly Readable<ExplainedTier>[] =>
  TOTAL_SECONDS.map((seconds, index) => ({
    name: TOTAL_NAMES[index] ?? 'totalSecond',
    micros: seconds * 1_000_000,
    since: totalsSince,
    until: Number.MAX_SAFE_INTEGER,
  }));

/** What is taken out at an end is read from the facts: the first bucket must not begin before they do. */
function sinceFacts(tier: Readable<ExplainedTier>, { from }: Window, { factsSince }: Kept): Readable<ExplainedTier> {
  const since = Math.ceil(factsSince / tier.micros) * tier.micros;
  return from < factsSince ? tier : { ...tier, since: Math.max(tier.since, since) };
}

/** A window may begin in 1970 and end in 2099: only what exists is walked. */
function boundedBy({ from, to }: Window, { minutes, firstHour }: Kept): Window {
  if (minutes === null) return { from, to: from };
  const begin = Math.min(minutes.first * MINUTE.micros, (firstHour ?? Number.POSITIVE_INFINITY) * HOUR.micros);
  const bounded = Math.max(from, begin);
  return { from: bounded, to: Math.max(bounded, Math.min(to, (minutes.last + 1) * MINUTE.micros)) };
}

const TOTALS_PER_PAGE = 5_000;

/** Sums over all links of one width, in µs, half open. */
function createTotalReader(database: Database) {
  const select = database
    .prepare<[number, number, number], FigureRow>(
      `SELECT bucket, ${FIGURE_COLUMNS} FROM rollup_total WHERE seconds = ? AND bucket >= ? AND bucket < ?`,
    )
    .raw();
  return (
    { seconds, from, to, sign }: { seconds: number; from: number; to: number; sign: 1 | -1 },
    renew: () => void,
    into: Into,
  ): number => {
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
    return rows;
  };
}
