import type { Database } from 'better-sqlite3';
import { figuresText } from './fold-minutes.ts';
import { inSnapshot } from './snapshot.ts';
import { readTier, TIERS, tierKey } from './tiers.ts';
import { wholeSince } from './whole-since.ts';

const DAY_MICROS = 24 * 3_600 * 1_000_000;

/** Every closed bucket of the coarser tiers is the sum of its minutes, as far back as the facts are whole. */
export function checkTiers(database: Database, find: (finding: string) => void): void {
  const since = wholeSince(database);
  for (const tier of TIERS) {
    const first = database.prepare<[], number | null>(`SELECT min(bucket) FROM ${tier.table}`).pluck().get() ?? null;
    const last = database.prepare<[], number | null>(`SELECT max(bucket) FROM ${tier.table}`).pluck().get() ?? null;
    if (first === null || last === null) continue;
    const bucketMicros = tier.minutes * 60_000_000;
    const end = (last + 1) * bucketMicros;
    for (let from = Math.max(since, first * bucketMicros); from < end; from += DAY_MICROS)
      inSnapshot(database, () => {
        const { said, summed } = readTier(database, tier, from, Math.min(end, from + DAY_MICROS));
        for (const cell of said) {
          const key = tierKey(cell);
          const sum = summed.get(key);
          summed.delete(key);
          if (sum === undefined || figuresText(sum.figures) !== figuresText(cell.figures))
            find(
              `${nameOf(tier.name, cell)} says ${cell.figures.count} exchanges, its minutes ${sum?.figures.count ?? 0}.`,
            );
        }
        for (const cell of summed.values())
          find(`${nameOf(tier.name, cell)} is missing, and its minutes know of ${cell.figures.count} exchanges.`);
      });
  }
}

const nameOf = (tier: string, cell: { readonly bucket: number; readonly link: number; readonly operation: number }) =>
  `The rollup of ${tier} ${cell.bucket}, link ${cell.link}, operation ${cell.operation}`;
