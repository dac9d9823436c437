/** Where a reporter takes rows from, and says what became of them. A queue in memory is one. */
export interface Supply<Batch extends { readonly length: number }> {
  /** Rows that wait, without those on their way. */
  size(): number;
  /** Moves the oldest rows on their way: one batch at a time, until it is settled, given back or discarded. */
  take(rowsMax: number, bytesMax: number): Batch | Promise<Batch>;
  /** The monitor's word on the batch; rows it said nothing of count as dropped. */
  settle(acknowledged: number, refused: number): void;
  /** The batch is to be tried again. */
  giveBack(): void;
  discard(reason: string): void;
  /** Whether there is more than the latest rows: it is caught up with between the intervals. */
  readonly isBehind?: () => boolean;
}
