import type { Server as HttpServer } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import { createAccountingWatch } from './accounting-watch.ts';
import { createLiveChannel } from './live-channel.ts';
import { createLiveFeed } from './live-feed.ts';
import { createSnapshots } from './snapshots.ts';

/** All that is live: commits become deltas, deltas go to the viewers. */
export interface Live {
  viewers(): number;
  slowViewers(): number;
  announceView(id: string): void;
  close(): void;
}

export function createLive(
  parts: {
    readonly store: Pick<Store, 'subscribe' | 'current' | 'accounting'>;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
    readonly http: HttpServer;
    readonly epoch: string;
  },
  settings: { readonly viewersMax: number },
): Live {
  const { store, clock, log, metrics, http, epoch } = parts;
  const feed = createLiveFeed({ store, clock, metrics, epoch, onDelta: (delta) => channel.publish(delta) });
  const isWatched = (): boolean => channel.viewers() > 0;
  const accounting = createAccountingWatch({ store, clock, log, isWatched, onChange: feed.tell });
  const takeSnapshot = createSnapshots({ store, feed, accounting, clock, log });
  const channel = createLiveChannel({ http, clock, log, metrics, ring: feed.ring, epoch, takeSnapshot }, settings);
  return {
    viewers: channel.viewers,
    slowViewers: channel.slowViewers,
    announceView: channel.announceView,
    close() {
      accounting.close();
      feed.close();
      channel.close();
    },
  };
}
