import type { Clock } from '../clock.ts';

/** How often reporters report: often only while somebody watches (design, section 4). */
export interface ReportPace {
  /** For the answer to a report. */
  nextReportMillis(): number;
  /** How long a half waits for its other half: two flush intervals and some grace. */
  waitMicros(): number;
}

const WATCHED_MILLIS = 60;
const UNWATCHED_MILLIS = 1_000;
const GRACE_MILLIS = 40;

export function createReportPace(parts: { readonly clock: Clock; readonly isWatched: () => boolean }): ReportPace {
  const { clock, isWatched } = parts;
  // A reporter told to come in a second does so although somebody began to watch meanwhile: the long wait holds on so long.
  let slowUntil = clock.now() + 2 * UNWATCHED_MILLIS * 1_000;
  return {
    nextReportMillis() {
      if (isWatched()) return WATCHED_MILLIS;
      slowUntil = clock.now() + 2 * UNWATCHED_MILLIS * 1_000;
      return UNWATCHED_MILLIS;
    },
    waitMicros() {
      const interval = isWatched() && clock.now() >= slowUntil ? WATCHED_MILLIS : UNWATCHED_MILLIS;
      return (2 * interval + GRACE_MILLIS) * 1_000;
    },
  };
}
