import type { Database } from 'better-sqlite3';
import {
  addColumns,
  columnsOf,
  type DenseFigures,
  FIGURE_COLUMNS,
  type FigureRow,
  noDenseFigures,
  numberAt,
} from './dense-figures.ts';
import { type Kept, readKept } from './kept.ts';
import { inSnapshot } from './snapshot.ts';
import { HOUR, MINUTE, TEN_MINUTES, type Tier, TOTAL_SECONDS } from './tiers.ts';

/** Each closed bucket of the coarser tiers, and each sum over all links, is what the tier below it comes to. */
export function checkTiers(database: Database, find: (finding: string) => void): void {
  inSnapshot(database, () => {
    const kept = readKept(database);
    for (const [finer, coarser] of [
      [MINUTE, TEN_MINUTES],
      [TEN_MINUTES, HOUR],
    ] as const)
      for (const finding of checkTier(database, finer, coarser, kept)) find(finding);
    for (const finding of checkTotals(database, kept)) find(finding);
  });
}

function checkTier(database: Database, finer: Tier, coarser: Tier, kept: Kept): readonly string[] {
  const cells = (tier: Tier) =>
    database
      .prepare<[number, number], FigureRow>(
        `SELECT ${tier.bucket}, link, operation, ${FIGURE_COLUMNS} FROM ${tier.table}
         WHERE ${tier.bucket} >= ? AND ${tier.bucket} < ?`,
      )
      .raw();
  const until = kept.closedUntil(coarser.name) / coarser.micros;
  const since = Math.ceil(kept.rollupsSince / coarser.micros);
  const ratio = coarser.micros / finer.micros;
  const expected = new Map<string, DenseFigures>();
  for (const row of cells(finer).all(since * ratio, until * ratio))
    addColumns(figuresAt(expected, `${Math.floor(numberAt(row, 0) / ratio)} ${row[1]} ${row[2]}`), row, 3, 1);
  const found = new Map<string, DenseFigures>();
  for (const row of cells(coarser).all(since, until))
    addColumns(figuresAt(found, `${row[0]} ${row[1]} ${row[2]}`), row, 3, 1);
  return differences(`${coarser.name} of bucket, link, operation`, found, expected);
}

/** One line for each sum over all links that its minutes do not come to. */
export function checkTotals(database: Database, { totalsSince, rollupsSince }: Kept): readonly string[] {
  const since = Math.ceil(Math.max(totalsSince, rollupsSince) / HOUR.micros) * HOUR.micros;
  const minutes = database
    .prepare<[number], FigureRow>(`SELECT minute, ${FIGURE_COLUMNS} FROM rollup_minute WHERE minute >= ?`)
    .raw();
  const totals = database
    .prepare<[number, number], FigureRow>(
      `SELECT bucket, ${FIGURE_COLUMNS} FROM rollup_total WHERE seconds = ? AND bucket >= ?`,
    )
    .raw();
  const ofMinutes = minutes.all(since / MINUTE.micros);
  return TOTAL_SECONDS.flatMap((seconds) => {
    // The seconds are compared by the minute: there is no finer tier.
    const width = Math.max(seconds, 60);
    const expected = new Map<string, DenseFigures>();
    for (const row of ofMinutes)
      addColumns(figuresAt(expected, String(Math.floor((numberAt(row, 0) * 60) / width))), row, 1, 1);
    const found = new Map<string, DenseFigures>();
    for (const row of totals.all(seconds, since / 1_000_000 / seconds))
      addColumns(figuresAt(found, String(Math.floor((numberAt(row, 0) * seconds) / width))), row, 1, 1);
    return differences(`total of ${seconds} s, bucket`, found, expected);
  });
}

function figuresAt(sums: Map<string, DenseFigures>, key: string): DenseFigures {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const figures = noDenseFigures();
  sums.set(key, figures);
  return figures;
}

function differences(
  what: string,
  found: ReadonlyMap<string, DenseFigures>,
  expected: ReadonlyMap<string, DenseFigures>,
): readonly string[] {
  const findings: string[] = [];
  for (const key of new Set([...found.keys(), ...expected.keys()])) {
    const [is, should] = [textOf(found.get(key)), textOf(expected.get(key))];
    if (is !== should) findings.push(`The rollup ${what} ${key} says ${is}, the finer tier ${should}: run rebuild.`);
  }
  return findings;
}

function textOf(figures: DenseFigures | undefined): string {
  if (figures === undefined) return 'nothing';
  const [count, faults, errors, requestBytes, replyBytes, histogram] = columnsOf(figures);
  return [count, faults, errors, requestBytes, replyBytes, histogram.toString('hex')].join(' ');
}
