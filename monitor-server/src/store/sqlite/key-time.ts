/**
 * Key time: the reporter's time corrected by what its clock is behind ours (design, section 5). Decided once per record and
 * kept: a `close` has the key time of its `open`.
 */
export interface KeyTime {
  readonly time: number;
  /** Whether it is the time of receipt, because the corrected time is absurd. */
  readonly placed: boolean;
}

export function keyTime(start: number, offset: ClockOffset, receivedAt: number, retentionMicros: number): KeyTime {
  const time = start + offset.applied;
  const absurd = time < receivedAt - retentionMicros || time > receivedAt + FUTURE_MICROS;
  return absurd ? { time: receivedAt, placed: true } : { time, placed: false };
}

/** What receivedAt − sentAt has shown of one reporter's clock. */
export interface ClockOffset {
  /** Added to the reporter's times; 0 up to OFFSET_STEP_MICROS in size, because so much may be delay instead of clock. */
  readonly applied: number;
  /** The least seen since the clock last moved: the sample with the least delay in it. */
  readonly best: number;
  /** A sample that says the clock moved back, waiting for a second one: it may as well be one report that was held up. */
  readonly suspected: number | null;
}

/**
 * The offset after one more sample. It moves only when a sample is more than OFFSET_STEP_MICROS away from it. A smaller one
 * is proof (a delay never makes a sample smaller) and moves it at once; a greater one when the next agrees with it.
 */
export function nextOffset(previous: ClockOffset | null, sample: number): ClockOffset {
  if (previous === null || sample < previous.applied - OFFSET_STEP_MICROS) return movedTo(sample);
  // What was applied is now shown to have been delay: the clock is within the step.
  if (sample < previous.applied && Math.abs(sample) <= OFFSET_STEP_MICROS) return movedTo(sample);
  if (sample <= previous.applied + OFFSET_STEP_MICROS)
    return { applied: previous.applied, best: Math.min(previous.best, sample), suspected: null };
  const agrees = previous.suspected !== null && Math.abs(sample - previous.suspected) <= OFFSET_STEP_MICROS;
  return agrees ? movedTo(sample) : { ...previous, suspected: sample };
}

export const OFFSET_STEP_MICROS = 500_000;
const FUTURE_MICROS = 5 * 60_000_000;

const movedTo = (sample: number): ClockOffset => ({
  applied: Math.abs(sample) > OFFSET_STEP_MICROS ? sample : 0,
  best: sample,
  suspected: null,
});
