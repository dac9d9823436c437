/**
 * How far the live picture runs behind now: as much as 95 of 100 messages are late, and a frame. Less, and dots would begin
 * in mid-flight; more, and the picture would be older than it need be.
 */
export interface Delay {
  /** A message arrived at local time `at`, `latenessMicros` after it happened. */
  observe(at: number, latenessMicros: number): void;
  target(local: number): number;
}

export const DELAY_MIN_MICROS = 40_000;
export const DELAY_MAX_MICROS = 2_000_000;
/** Until something was observed: a report interval of 100 ms, and what the way takes. */
const DELAY_FIRST_MICROS = 150_000;
const FRAME_MICROS = 17_000;
const WINDOW_MICROS = 5_000_000;
const OBSERVED_MAX = 1_000;
/** Later than this is a backlog being caught up, not the way messages come. */
const BACKLOG_MICROS = 5_000_000;

export function createDelay(): Delay {
  const observed: { at: number; lateness: number }[] = [];
  let last = DELAY_FIRST_MICROS;
  return {
    observe(at, latenessMicros) {
      if (latenessMicros > BACKLOG_MICROS) return;
      if (observed.length >= OBSERVED_MAX) observed.shift();
      observed.push({ at, lateness: latenessMicros });
    },
    target(local) {
      const recent = observed.filter((one) => local - one.at <= WINDOW_MICROS).map((one) => one.lateness);
      // A quiet estate says nothing new: the delay stays where it was.
      if (recent.length > 0) last = within(percentile95(recent) + FRAME_MICROS);
      return last;
    },
  };
}

function percentile95(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.ceil(values.length * 0.95) - 1)] ?? 0;
}

const within = (micros: number): number => Math.min(DELAY_MAX_MICROS, Math.max(DELAY_MIN_MICROS, micros));
