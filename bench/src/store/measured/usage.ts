/** What a measured process has used since it began, and its main loop's delay since it was last reset. */
export interface Usage {
  /** All threads. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Intervals of a timer of 1 ms: at rest a little over 1. */
  readonly loopDelayP99Millis: number;
  readonly loopDelayMaxMillis: number;
}
