import type { Database } from 'better-sqlite3';
import type { RebuildProgress } from '../maintenance.ts';
import {
  bandBlob,
  bandKey,
  bandOf,
  bucketOfKey,
  cellNumber,
  firstLinkOfKey,
  LINKS_PER_BAND,
  linkOfCell,
  operationOfCell,
} from './band-blob.ts';
import { createCatalogue } from './catalogue.ts';
import { strayMinutes } from './check-rollups.ts';
import { areTotalsWrong, figuresKey } from './check-tiers.ts';
import { closedPosition, isClosedAt } from './closed-position.ts';
import { columnsOf, countDense, type DenseFigures } from './dense-figures.ts';
import { readKept } from './kept.ts';
import { rebuildLongExchanges } from './long-exchanges.ts';
import { type MinuteStep, walkMinutes } from './minute-steps.ts';
import { countedSince } from './recount.ts';
import { cellAt, type TierCell, type TierCells, tierFigures } from './tier-figures.ts';
import { HOUR, MINUTE, OPEN_MINUTES, TEN_MINUTES, type Tier } from './tiers.ts';
import { wholeSince } from './whole-since.ts';

/**
 * Folds the facts anew and writes the cells that say otherwise, a stretch of minutes in a transaction: killed in between, what
 * was done is right, and a second run does the rest. Cells of times whose facts have expired stay as they are.
 */
export function rebuildRollups(database: Database, onProgress: (progress: RebuildProgress) => void): RebuildProgress {
  let progress: RebuildProgress = { until: null, cells: 0, mended: 0 };
  const rebuildMinutes = minutesOf(database);
  const rebuildTiers = tiersOf(database);
  const step = database.transaction((stretch: MinuteStep) => {
    const minutes = rebuildMinutes(stretch);
    const tiers = rebuildTiers(stretch);
    return { cells: minutes.cells + tiers.cells, mended: minutes.mended + tiers.mended };
  });
  walkMinutes(database, wholeSince(database), (stretch) => {
    const { cells, mended } = step.immediate(stretch);
    progress = { until: stretch.to, cells: progress.cells + cells, mended: progress.mended + mended };
    onProgress(progress);
  });
  database.transaction(() => beginTotalsAnew(database)).immediate();
  database.transaction(() => rebuildLongExchanges(database, createCatalogue(database))).immediate();
  return progress;
}

/** Sums over all links that are wrong go, and begin with the next hour; what was before it is told by the tiers per link. */
function beginTotalsAnew(database: Database): void {
  if (!areTotalsWrong(database)) return;
  const last = readKept(database).minutes?.last ?? null;
  database.exec('DELETE FROM rollup_total');
  database
    .prepare<[number]>("UPDATE rollup_closed SET bucket = ? WHERE tier = 'total'")
    .run(last === null ? 0 : Math.floor(last / HOUR.minutes) + 1);
}

/** Cells that are closed belong into bands, the others stand open. */
function minutesOf(database: Database) {
  const write = writerOf(database, MINUTE);
  return (stretch: MinuteStep) => {
    const [from, to] = [stretch.from / MINUTE.micros, stretch.to / MINUTE.micros];
    const folded: TierCells = new Map();
    for (const { link, operation, start, counted } of countedSince(database, stretch.from, stretch.to))
      countDense(cellAt(folded, Math.floor(start / MINUTE.micros), link, operation), counted, 1);
    const wrong = differing(tierFigures(database, MINUTE, from, to), folded);
    const strays = strayMinutes(database).filter(({ bucket }) => bucket >= from && bucket < to);
    write([...wrong, ...strays], folded);
    return { cells: folded.size, mended: Math.max(wrong.length, strays.length) };
  };
}

/** Closed buckets of a coarser tier are the sums of their minutes; the others stay out. */
function tiersOf(database: Database) {
  const coarser = [
    { finer: MINUTE, tier: TEN_MINUTES, write: writerOf(database, TEN_MINUTES) },
    { finer: TEN_MINUTES, tier: HOUR, write: writerOf(database, HOUR) },
  ];
  return ({ from, to }: MinuteStep) => {
    let cells = 0;
    let mended = 0;
    for (const { finer, tier, write } of coarser) {
      // A stretch may end within a bucket: the next one sums it again, and rightly then. What lost minutes by age stays.
      const whole = Math.ceil(readKept(database).rollupsSince / tier.micros);
      const first = Math.max(whole, Math.floor(from / tier.micros));
      const last = Math.ceil(to / tier.micros);
      const position = closedPosition(database, tier);
      const summed = tierFigures(database, finer, first, last, tier.minutes / finer.minutes);
      for (const [key, { bucket, link }] of summed) if (!isClosedAt(position, bucket, link)) summed.delete(key);
      const wrong = differing(tierFigures(database, tier, first, last), summed);
      write(wrong, summed);
      cells += summed.size;
      mended += wrong.length;
    }
    return { cells, mended };
  };
}

/** The cells that are not the same in both. */
function differing(said: TierCells, right: TierCells): readonly TierCell[] {
  const wrong = [...said].filter(([key, { figures }]) => figuresKey(figures) !== figuresKey(right.get(key)?.figures));
  const missing = [...right].filter(([key]) => !said.has(key));
  return [...wrong, ...missing].map(([, cell]) => cell);
}

/** Writes the bands anew that hold these cells. */
function writerOf(database: Database, tier: Tier) {
  const putBand = database.prepare<[number, Buffer]>(`INSERT OR REPLACE INTO ${tier.bands} VALUES (?, ?)`);
  const removeBand = database.prepare<[number]>(`DELETE FROM ${tier.bands} WHERE key = ?`);
  const putOpen = database.prepare<(number | Buffer)[]>(
    `INSERT OR REPLACE INTO ${OPEN_MINUTES} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeOpen = database.prepare<[number, number, number]>(
    `DELETE FROM ${OPEN_MINUTES} WHERE minute = ? AND link >= ? AND link < ?`,
  );
  return (wrong: readonly Pick<TierCell, 'bucket' | 'link'>[], right: TierCells): void => {
    const position = closedPosition(database, tier);
    const keys = new Set(wrong.map(({ bucket, link }) => bandKey(bucket, bandOf(link))));
    const byBand = new Map<number, Map<number, DenseFigures>>();
    for (const { bucket, link, operation, figures } of right.values()) {
      const key = bandKey(bucket, bandOf(link));
      if (!keys.has(key)) continue;
      const cells = byBand.get(key) ?? new Map<number, DenseFigures>();
      byBand.set(key, cells.set(cellNumber(link, operation), figures));
    }
    for (const key of keys) {
      const [bucket, link] = [bucketOfKey(key), firstLinkOfKey(key)];
      const cells = byBand.get(key) ?? new Map<number, DenseFigures>();
      removeBand.run(key);
      if (tier === MINUTE) removeOpen.run(bucket, link, link + LINKS_PER_BAND);
      if (cells.size === 0) continue;
      if (isClosedAt(position, bucket, link + LINKS_PER_BAND - 1)) putBand.run(key, bandBlob(cells));
      else if (tier === MINUTE)
        for (const [cell, figures] of cells)
          putOpen.run(bucket, linkOfCell(cell), operationOfCell(cell), ...columnsOf(figures));
    }
  };
}
