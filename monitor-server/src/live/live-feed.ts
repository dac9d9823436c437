import { type Accounting, type Delta, isSampled } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import { createDeltaRing, type DeltaRing } from './delta-ring.ts';
import { createGathering } from './gathering.ts';
import { createSampling } from './sampling.ts';

/** From commits to deltas: at most one every 16 ms, the first at once, all of them through the ring. */
export interface LiveFeed {
  readonly epoch: string;
  readonly ring: DeltaRing;
  /** k as it is now. */
  sample(): number;
  /** Puts the figures into the next delta. */
  tell(accounting: Accounting): void;
  close(): void;
}

const DELTA_MILLIS = 16;

export function createLiveFeed(parts: {
  readonly store: Pick<Store, 'subscribe'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Names this start of the server. */
  readonly epoch: string;
  readonly onDelta: (delta: Delta) => void;
}): LiveFeed {
  const { store, clock, metrics, epoch, onDelta } = parts;
  const ring = createDeltaRing();
  const gathering = createGathering();
  const sampling = createSampling();
  let accounting: Accounting | null = null;
  let sample = 1;
  let flushedAt = Number.NEGATIVE_INFINITY;
  /** When the oldest commit that no delta has told yet was heard of. */
  let toldAt: number | null = null;
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel = null;
    if (gathering.isEmpty() && accounting === null) return;
    flushedAt = clock.now();
    const items = gathering.take();
    sample = sampling.choose(items.exchanges.length, flushedAt);
    const exchanges = items.exchanges.filter(([id]) => isSampled(id, sample));
    const delta = { epoch, deltaSeq: ring.last() + 1, sentAt: flushedAt, sample, accounting, ...items, exchanges };
    accounting = null;
    ring.push(delta);
    metrics.count('deltas');
    if (toldAt !== null) metrics.observe('delta_delay_seconds', (clock.now() - toldAt) / 1_000_000);
    toldAt = null;
    onDelta(delta);
  }

  function flushSoon(): void {
    if (cancel !== null) return;
    const waitMillis = DELTA_MILLIS - (clock.now() - flushedAt) / 1_000;
    if (waitMillis <= 0 || waitMillis > DELTA_MILLIS) flush();
    else cancel = clock.after(waitMillis, flush);
  }

  const unsubscribe = store.subscribe(({ feed }) => {
    gathering.add(feed);
    toldAt ??= clock.now();
    flushSoon();
  });
  return {
    epoch,
    ring,
    sample: () => sample,
    tell(figures) {
      accounting = figures;
      flushSoon();
    },
    close() {
      unsubscribe();
      cancel?.();
    },
  };
}
