import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Process } from '../store/store.ts';
import { afterPing, nextPingMillis, type PingResult, untried } from './listener-health.ts';
import { isPast, isRetired, type ListenerToPing } from './listeners-to-ping.ts';
import { createPingLine } from './ping-line.ts';
import type { PingTarget } from './send-ping.ts';
import { partOf, type Watched } from './watched.ts';
import { type Shown, stateOfListeners } from './worst-state.ts';

/** The listeners that are pinged, each with its state and its next ping. */
export interface WatchedListeners {
  /** Goes on with these: new ones, and those whose process was replaced or says goodbye, are pinged at once. */
  follow(listeners: ReadonlyMap<string, ListenerToPing>, processes: readonly Process[]): void;
  /** A process said that it ends: where it listened is pinged at once. */
  goodbye(reporter: string): void;
  close(): Promise<void>;
}

const CONCURRENT_MAX = 16;

export function createWatchedListeners(
  parts: {
    readonly clock: Clock;
    readonly random: () => number;
    readonly metrics: Metrics;
    readonly ping: (target: PingTarget) => Promise<PingResult>;
    readonly show: (server: string, shown: Shown) => void;
    /** The server of a reporter, null when it has not reported yet. */
    readonly serverOf: (reporter: string) => string | null;
  },
  settings: { readonly pingIntervalMillis: number },
): WatchedListeners {
  const { clock, random, metrics, ping, show, serverOf } = parts;
  const watched = new Map<string, Watched>();
  const servers = new Map<string, Set<Watched>>();
  /** Listeners given up while their process still names them. */
  const retired = new Map<string, string>();
  const line = createPingLine({ concurrent: CONCURRENT_MAX });

  function pingIn(one: Watched, millis: number): void {
    one.cancel();
    one.cancel = clock.after(millis, () => line.add(() => pingNow(one)));
  }

  function pingAtOnce(one: Watched): void {
    one.isStale = true;
    if (!one.isPinging) pingIn(one, 0);
  }

  async function pingNow(one: Watched): Promise<void> {
    if (one.isPinging || watched.get(one.listener.key) !== one) return;
    one.isPinging = true;
    one.isStale = false;
    const { host, port, tls, process } = one.listener;
    const { soapVersion, clockOffsetMicros } = process;
    const result = notAnother(await ping({ host, port, tls, soapVersion, clockOffsetMicros }), process.server);
    one.isPinging = false;
    metrics.count('pings', result.kind);
    if (watched.get(one.listener.key) !== one) return;
    one.health = afterPing(one.health, result, clock.now());
    pingIn(one, one.isStale ? 0 : nextPingMillis(one.health, settings.pingIntervalMillis, random()));
    retire(one);
    showServer(process.server);
  }

  /** A pong of another server's process: that one has the address now, and this one does not answer there. */
  function notAnother(result: PingResult, server: string): PingResult {
    const answering = result.kind === 'pong' ? serverOf(result.reporter) : null;
    return answering === null || answering === server ? result : { kind: 'silent', detail: 'another service answers' };
  }

  const ofServer = (server: string): readonly Watched[] => [...(servers.get(server) ?? [])];

  function retire(one: Watched): void {
    const { key, process } = one.listener;
    const isElsewhere = ofServer(process.server).some(
      ({ health }) => health.state === 'up' || health.state === 'blind',
    );
    if (isElsewhere && isRetired(one.health.downSince, process.closing, clock.now())) {
      retired.set(key, process.reporter);
      forget(one);
    }
  }

  function forget(one: Watched): void {
    const { key, process } = one.listener;
    one.cancel();
    watched.delete(key);
    servers.get(process.server)?.delete(one);
  }

  function showServer(server: string): void {
    const tried = ofServer(server).filter(({ health }) => health.state !== 'unknown');
    if (tried.length > 0) show(server, stateOfListeners(tried.map(partOf)));
  }

  function follow(listeners: ReadonlyMap<string, ListenerToPing>, processes: readonly Process[]): void {
    for (const [key, listener] of listeners) {
      const one = watched.get(key);
      if (one !== undefined) {
        const before = one.listener.process;
        const behind = one.listener.behind?.state;
        one.listener = listener;
        if (before.reporter !== listener.process.reporter || before.closing !== listener.process.closing)
          pingAtOnce(one);
        // What a proxy says of the service behind it is shown as soon as it is said.
        else if (behind !== listener.behind?.state) showServer(listener.process.server);
      } else if (retired.get(key) !== listener.process.reporter && !isPast(listener, processes, clock.now())) {
        retired.delete(key);
        const added = { listener, health: untried, isPinging: false, isStale: false, cancel: () => {} };
        watched.set(key, added);
        const { server } = listener.process;
        servers.set(server, (servers.get(server) ?? new Set<Watched>()).add(added));
        pingIn(added, 0);
      }
    }
    // No process names it any more. It stays, and will be found down, unless its living process listens elsewhere.
    for (const one of watched.values()) {
      const { key, process } = one.listener;
      if (listeners.has(key)) continue;
      const now = processes.find(({ reporter }) => reporter === process.reporter);
      const isMoved = [...listeners.values()].some((other) => other.process.server === process.server);
      if (now !== undefined && !now.closing && isMoved) {
        forget(one);
        showServer(process.server);
      } else if (now !== undefined) one.listener = { ...one.listener, process: now };
    }
  }

  return {
    follow,
    goodbye(reporter) {
      for (const one of watched.values()) {
        const { process } = one.listener;
        if (process.reporter !== reporter || process.closing) continue;
        one.listener = { ...one.listener, process: { ...process, closing: true } };
        pingAtOnce(one);
      }
    },
    async close() {
      for (const one of watched.values()) one.cancel();
      watched.clear();
      await line.close();
    },
  };
}
