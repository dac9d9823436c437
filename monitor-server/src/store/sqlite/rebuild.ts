import type { Figures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { RebuildProgress } from '../maintenance.ts';
import { createCatalogue } from './catalogue.ts';
import { checkTotals } from './check-tiers.ts';
import { cellKey, figuresText, foldMinutes } from './fold-minutes.ts';
import { histogramToBlob } from './histogram-blob.ts';
import { readKept } from './kept.ts';
import { rebuildLongExchanges } from './long-exchanges.ts';
import { type MinuteStep, walkMinutes } from './minute-steps.ts';
import { figuresOfRollup, MINUTE_MICROS, type RollupRow } from './rollups.ts';
import { readTier, tierKey } from './tier-sums.ts';
import { HOUR, TEN_MINUTES } from './tiers.ts';
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
  if (checkTotals(database, readKept(database)).length === 0) return;
  database.exec(`
    DELETE FROM rollup_total;
    UPDATE rollup_closed SET bucket = (SELECT coalesce(max(minute) / 60 + 1, 0) FROM rollup_minute) WHERE tier = 'total'`);
}

function minutesOf(database: Database) {
  const select = database.prepare<[number, number], RollupRow>(
    'SELECT * FROM rollup_minute WHERE minute >= ? AND minute < ?',
  );
  const write = writerOf(database, 'rollup_minute', 'minute');
  return (stretch: MinuteStep) => {
    const folded = foldMinutes(database, stretch);
    const cells = folded.size;
    let mended = 0;
    for (const row of select.all(stretch.from / MINUTE_MICROS, stretch.to / MINUTE_MICROS)) {
      const key = cellKey(row);
      const cell = folded.get(key);
      if (cell === undefined) {
        write.remove(row.minute, row);
        mended++;
      } else if (figuresText(figuresOfRollup(row)) === figuresText(cell.figures)) folded.delete(key);
    }
    for (const cell of folded.values()) write.put(cell.minute, cell);
    return { cells, mended: mended + folded.size };
  };
}

/** Buckets that stand in a coarser tier are the sums of their minutes; those that do not are not closed yet, and stay out. */
function tiersOf(database: Database) {
  const writers = new Map([TEN_MINUTES, HOUR].map((tier) => [tier, writerOf(database, tier.table, 'bucket')]));
  return ({ from, to }: MinuteStep) => {
    let cells = 0;
    let mended = 0;
    for (const [tier, write] of writers) {
      const bucketMicros = tier.minutes * MINUTE_MICROS;
      // A stretch may end within a bucket: the next one sums it again, and rightly then.
      const { said, summed } = readTier(database, tier, Math.floor(from / bucketMicros) * bucketMicros, to);
      cells += said.length;
      for (const cell of said) {
        const key = tierKey(cell);
        const sum = summed.get(key);
        if (sum === undefined) {
          write.remove(cell.bucket, cell);
          mended++;
        } else if (figuresText(cell.figures) === figuresText(sum.figures)) summed.delete(key);
      }
      for (const cell of summed.values()) write.put(cell.bucket, cell);
      mended += summed.size;
    }
    return { cells, mended };
  };
}

interface Cell {
  readonly link: number;
  readonly operation: number;
}

function writerOf(database: Database, table: string, bucket: 'minute' | 'bucket') {
  const put = database.prepare<(number | Buffer)[]>(
    `INSERT OR REPLACE INTO ${table} (${bucket}, link, operation, count, faults, errors, request_bytes, reply_bytes, histogram)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare<[number, number, number]>(
    `DELETE FROM ${table} WHERE ${bucket} = ? AND link = ? AND operation = ?`,
  );
  return {
    put(at: number, { link, operation, figures }: Cell & { readonly figures: Figures }): void {
      const { count, faults, errors, requestBytes, replyBytes, histogram } = figures;
      put.run(at, link, operation, count, faults, errors, requestBytes, replyBytes, histogramToBlob(histogram));
    },
    remove: (at: number, { link, operation }: Cell): void => void remove.run(at, link, operation),
  };
}
