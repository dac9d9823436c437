import type { Database } from 'better-sqlite3';
import { countedSince } from './recount.ts';
import { MINUTE_MICROS } from './rollups.ts';
import { bucketsFrom } from './tier-figures.ts';
import { MINUTE } from './tiers.ts';

/** A stretch of whole minutes, epoch µs, half open. */
export interface MinuteStep {
  readonly from: number;
  readonly to: number;
}

/** A step should take this long: well under the age at which a snapshot is let go. */
const STEP_MILLIS = 500;
const MINUTES_MAX = 1_440;

/**
 * Walks the minutes that hold facts or rollups, from a time on, in steps that are as long as they are quick; empty times are
 * skipped. `visit` is called once for each step; what it looks at should be one snapshot, or one transaction.
 */
export function walkMinutes(database: Database, since: number, visit: (step: MinuteStep) => void): void {
  const nextRollup = bucketsFrom(database, MINUTE);
  let minutes = 60;
  for (let from = since; ; ) {
    const fact = countedSince(database, from).next().value?.start;
    const rollup = nextRollup(Math.ceil(from / MINUTE_MICROS));
    const next = Math.min(fact ?? Number.MAX_SAFE_INTEGER, (rollup ?? Number.MAX_SAFE_INTEGER) * MINUTE_MICROS);
    if (next >= Number.MAX_SAFE_INTEGER) return;
    const first = Math.floor(next / MINUTE_MICROS);
    const step = { from: first * MINUTE_MICROS, to: (first + minutes) * MINUTE_MICROS };
    const began = performance.now();
    visit(step);
    const took = performance.now() - began;
    if (took > STEP_MILLIS) minutes = Math.max(1, Math.floor(minutes / 2));
    else if (took < STEP_MILLIS / 4) minutes = Math.min(MINUTES_MAX, minutes * 2);
    from = step.to;
  }
}
