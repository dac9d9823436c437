/**
 * How far the live picture runs behind now: as much as 80 of 100 messages are late, and a frame. The later ones begin in
 * mid-flight, which one hardly sees (a flight takes 400 ms on the screen); waiting for 95 of them would show every message
 * as late as the worst: measured on a busy machine, 340 to 560 ms where the messages themselves were 210 ms late at p95.
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
/** The share of messages whose dots begin where they should. */
const IN_TIME_SHARE = 0.8;
const FRAME_MICROS = 17_000;
const WINDOW_MICROS = 10_000_000;
const OBSERVED_MAX = 4_000;
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
      if (recent.length > 0) last = within(quantileOf(recent) + FRAME_MICROS);
      return last;
    },
  };
}

/** The nearest-rank quantile of at least one value. */
function quantileOf(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil(values.length * IN_TIME_SHARE) - 1)] ?? 0;
}

const within = (micros: number): number => Math.min(DELAY_MAX_MICROS, Math.max(DELAY_MIN_MICROS, micros));
