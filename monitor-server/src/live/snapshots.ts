import { type Delta, isSampled } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { AccountingWatch } from './accounting-watch.ts';
import type { LiveFeed } from './live-feed.ts';

/**
 * Takes snapshots, one at a time: who asks while one is being taken gets that one. Its deltaSeq is read before the store
 * is asked, so the deltas after it miss nothing; they may repeat what it has, which changes nothing.
 */
export function createSnapshots(parts: {
  readonly store: Pick<Store, 'current'>;
  readonly feed: LiveFeed;
  readonly accounting: AccountingWatch;
  readonly clock: Clock;
  readonly log: Log;
}): () => Promise<Delta | null> {
  const { store, feed, accounting, clock, log } = parts;
  let taking: Promise<Delta | null> | null = null;

  async function take(): Promise<Delta | null> {
    const deltaSeq = feed.ring.last();
    try {
      const { feed: items } = await store.current(clock.now());
      const sample = feed.sample();
      const exchanges = items.exchanges.filter(([id]) => isSampled(id, sample));
      const figures = await accounting.current();
      return { epoch: feed.epoch, deltaSeq, sentAt: clock.now(), sample, accounting: figures, ...items, exchanges };
    } catch (error) {
      log.error({ err: error }, 'the store could not give a snapshot');
      return null;
    }
  }

  return () => {
    taking ??= take().finally(() => {
      taking = null;
    });
    return taking;
  };
}
