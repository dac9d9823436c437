import type { Report } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import { withoutPing } from './behind.ts';
import type { PingResult } from './listener-health.ts';
import { listenersToPing } from './listeners-to-ping.ts';
import { createNodeTree } from './node-tree.ts';
import type { PingTarget } from './send-ping.ts';
import { createStateBook } from './state-book.ts';
import { createWatchedListeners } from './watched-listeners.ts';

/** Pings what reporting processes listen on, and records what that tells of their servers (design, section 8). */
export interface Health {
  start(): Promise<void>;
  /** Told of each stored report: what is new in it (a listener, a goodbye) is looked at at once. */
  reported(report: Report): void;
  close(): Promise<void>;
}

const KNOWN_MAX = 50_000;

export function createHealth(
  parts: {
    readonly store: Pick<Store, 'nodes' | 'subscribe' | 'processes' | 'recordStates'>;
    readonly clock: Clock;
    readonly random: () => number;
    readonly log: Log;
    readonly metrics: Metrics;
    readonly ping: (target: PingTarget) => Promise<PingResult>;
  },
  settings: { readonly pingIntervalMillis: number; readonly pingAllow: ReadonlySet<string> },
): Health {
  const { store, clock, random, log, metrics } = parts;
  const tree = createNodeTree({ store, onNew: (node) => book.adopt(node) });
  const book = createStateBook({ store, tree, clock, log, metrics });
  const watched = createWatchedListeners(
    {
      clock,
      random,
      metrics,
      ping: parts.ping,
      show: book.show,
      serverOf: (reporter) => reporters.get(reporter) ?? null,
    },
    settings,
  );
  /** What each reporter last said of where it listens, to see what is new. */
  const known = new Map<string, string>();
  const reporters = new Map<string, string>();
  const unpingable = new Map<string, string>();
  let refreshing: Promise<void> | null = null;
  let isStale = false;
  let closed = false;
  let cancel = (): void => {};

  async function refresh(): Promise<void> {
    const processes = await store.processes();
    if (closed) return;
    reporters.clear();
    for (const { reporter, server } of processes) reporters.set(reporter, server);
    const { listeners, unpingable: refused } = listenersToPing(processes, settings.pingAllow);
    watched.follow(listeners, processes);
    for (const [server, reason] of refused) {
      const shown = withoutPing(reason, server, processes);
      if (unpingable.get(server) === shown.reason) continue;
      log.info({ server, reason }, 'a server cannot be pinged');
      unpingable.set(server, shown.reason);
      book.show(server, shown);
    }
    for (const server of unpingable.keys()) if (!refused.has(server)) unpingable.delete(server);
  }

  function refreshSoon(): void {
    isStale = true;
    if (refreshing !== null || closed) return;
    cancel();
    isStale = false;
    refreshing = refresh()
      .catch((error: unknown) => log.error({ err: error }, 'the store could not tell what to ping'))
      .then(() => {
        refreshing = null;
        if (closed) return;
        cancel = clock.after(settings.pingIntervalMillis, refreshSoon);
        if (isStale) refreshSoon();
      });
  }

  return {
    async start() {
      await tree.load();
      refreshSoon();
    },
    reported({ header: { reporter, listeners, advertised, closing } }) {
      const said = listeners.length === 0 && !closing ? '' : JSON.stringify([listeners, advertised, closing]);
      if ((known.get(reporter) ?? '') === said) return;
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(reporter, said);
      if (closing) watched.goodbye(reporter);
      refreshSoon();
    },
    async close() {
      closed = true;
      cancel();
      await watched.close();
      await refreshing;
      tree.close();
      await book.close();
    },
  };
}
