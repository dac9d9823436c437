/** What the process that makes the load is asked for. */
export type LoadWish =
  | {
      readonly kind: 'prepare';
      /** Names the reporters and keeps their counting apart: one per server. */
      readonly run: string;
      readonly observations: number;
      readonly rowsPerReport: number;
      /** At which its stamps go on; what the server took last is a good guess. */
      readonly observationsPerSecond: number;
    }
  | {
      readonly kind: 'send';
      readonly run: string;
      /** The reports that are full, or those that bring what was left. */
      readonly part: 'full' | 'rest';
      readonly port: number;
      readonly inFlight: number;
      /** Observations a second in all; null: as fast as it goes. */
      readonly observationsPerSecond: number | null;
    }
  | { readonly kind: 'watch'; readonly url: string; readonly viewers: number }
  | { readonly kind: 'unwatch' };

export interface Prepared {
  readonly observations: number;
  /** Of them, in full reports. */
  readonly inFull: number;
  readonly wireBytes: number;
  /** Of this run since it began. */
  readonly exchangesInAll: number;
  readonly observationsInAll: number;
}

export interface Sent {
  readonly seconds: number;
  readonly observations: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Reports that the server was too busy for at first. */
  readonly busy: number;
  readonly answerMillis: readonly number[];
  /** CPU of the load's own process. */
  readonly cpuMicros: number;
}

export interface Watching {
  readonly viewers: number;
  readonly deltas: number;
}
