import type { Database } from 'better-sqlite3';
import {
  addColumns,
  addDense,
  columnsOf,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  numberAt,
} from './dense-figures.ts';
import { type Kept, readKept } from './kept.ts';
import { inSnapshot } from './snapshot.ts';
import { bucketsFrom, cellAt, type TierCells, tierFigures } from './tier-figures.ts';
import { HOUR, MINUTE, TEN_MINUTES, type Tier, TOTAL_SECONDS } from './tiers.ts';

/** Hours looked at before a snapshot that has grown old may be renewed. */
const HOURS_PER_STEP = 6;

/** Each closed bucket of the coarser tiers, and each sum over all links, is what the tier below it comes to. */
export function checkTiers(database: Database, find: (finding: string) => void): void {
  const hoursFrom = hoursWithCells(database);
  inSnapshot(database, ({ renewIfOld }) => {
    for (let hour = hoursFrom(0); hour !== null; hour = hoursFrom(hour + HOURS_PER_STEP)) {
      const kept = readKept(database);
      const [from, to] = [hour * HOUR.micros, (hour + HOURS_PER_STEP) * HOUR.micros];
      for (const finding of checkTier(database, MINUTE, TEN_MINUTES, kept, from, to)) find(finding);
      for (const finding of checkTier(database, TEN_MINUTES, HOUR, kept, from, to)) find(finding);
      for (const finding of checkTotals(database, kept, from, to)) find(finding);
      renewIfOld();
    }
  });
}

/** Whether the sums over all links are wanting anywhere. */
export function areTotalsWrong(database: Database): boolean {
  const hoursFrom = hoursWithCells(database);
  const kept = readKept(database);
  for (let hour = hoursFrom(0); hour !== null; hour = hoursFrom(hour + HOURS_PER_STEP)) {
    const [from, to] = [hour * HOUR.micros, (hour + HOURS_PER_STEP) * HOUR.micros];
    if (checkTotals(database, kept, from, to).length > 0) return true;
  }
  return false;
}

/** The next hour, counted, that any tier or sum has a cell in: a reporter from 1970 makes a long silence. */
function hoursWithCells(database: Database): (from: number) => number | null {
  const tiers = [MINUTE, TEN_MINUTES, HOUR].map((tier) => ({ tier, next: bucketsFrom(database, tier) }));
  const total = database
    .prepare<[number, number], number | null>('SELECT min(bucket) FROM rollup_total WHERE seconds = ? AND bucket >= ?')
    .pluck();
  return (from) => {
    const found = tiers.map(({ tier, next }) => {
      const bucket = next((from * HOUR.micros) / tier.micros);
      return bucket === null ? null : Math.floor((bucket * tier.micros) / HOUR.micros);
    });
    const sums = TOTAL_SECONDS.map((seconds) => {
      const bucket = total.get(seconds, (from * 3_600) / seconds) ?? null;
      return bucket === null ? null : Math.floor((bucket * seconds) / 3_600);
    });
    const hours = [...found, ...sums].filter((hour) => hour !== null);
    return hours.length === 0 ? null : Math.min(...hours);
  };
}

function checkTier(
  database: Database,
  finer: Tier,
  coarser: Tier,
  kept: Kept,
  from: number,
  to: number,
): readonly string[] {
  const first = Math.ceil(Math.max(from, kept.rollupsSince) / coarser.micros);
  const last = Math.floor(Math.min(to, kept.closedUntil(coarser.name)) / coarser.micros);
  const expected = tierFigures(database, finer, first, last, coarser.minutes / finer.minutes);
  const found = tierFigures(database, coarser, first, last);
  return differences(`${coarser.name} of bucket, link, operation`, found, expected);
}

/** One line for each sum over all links that its minutes do not come to. */
function checkTotals(
  database: Database,
  { totalsSince, rollupsSince }: Kept,
  from: number,
  to: number,
): readonly string[] {
  const since = Math.max(from, Math.ceil(Math.max(totalsSince, rollupsSince) / HOUR.micros) * HOUR.micros);
  if (since >= to) return [];
  const totals = database
    .prepare<[number, number, number], FigureRow>(
      `SELECT bucket, ${FIGURE_COLUMNS} FROM rollup_total WHERE seconds = ? AND bucket >= ? AND bucket < ?`,
    )
    .raw();
  const minutes = tierFigures(database, MINUTE, since / MINUTE.micros, to / MINUTE.micros);
  return TOTAL_SECONDS.flatMap((seconds) => {
    // The seconds are compared by the minute: there is no finer tier.
    const width = Math.max(seconds, 60);
    const expected: TierCells = new Map();
    for (const { bucket, figures } of minutes.values())
      addDense(cellAt(expected, Math.floor((bucket * 60) / width), 0, 0), figures);
    const found: TierCells = new Map();
    for (const row of totals.all(seconds, since / 1_000_000 / seconds, to / 1_000_000 / seconds))
      addColumns(cellAt(found, Math.floor((numberAt(row, 0) * seconds) / width), 0, 0), row, 1, 1);
    return differences(`total of ${seconds} s, bucket`, found, expected);
  });
}

function differences(what: string, found: TierCells, expected: TierCells): readonly string[] {
  const findings: string[] = [];
  for (const key of new Set([...found.keys(), ...expected.keys()])) {
    const [is, should] = [figuresKey(found.get(key)?.figures), figuresKey(expected.get(key)?.figures)];
    if (is !== should) findings.push(`The rollup ${what} ${key} says ${is}, the finer tier ${should}: run rebuild.`);
  }
  return findings;
}

/** Equal figures, equal texts. */
export function figuresKey(figures: DenseFigures | undefined): string {
  if (figures === undefined) return 'nothing';
  const [count, faults, errors, requestBytes, replyBytes, histogram] = columnsOf(figures);
  return [count, faults, errors, requestBytes, replyBytes, histogram.toString('hex')].join(' ');
}
