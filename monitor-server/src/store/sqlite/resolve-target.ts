import type { Connection } from '@soa-monitor/protocol';
import { type HostPort, hostPort, isLoopback, isWildcard } from './addresses.ts';
import type { Process, Processes } from './processes.ts';

/** Which reporting process listens where a call went. */
export interface Targets {
  /** The one that reported last, of those that fit; null when no reporting process listens there. */
  resolve(caller: Process, address: string | undefined, connection: Connection | null): Process | null;
}

const CACHE_MAX = 20_000;

/**
 * Resolves through what reporters say they listen on and advertise, so that no ghost of `localhost` appears: loopback means
 * a process on the caller's own host only. The end of the connection goes before the name that was called.
 */
export function createTargets(processes: Processes): Targets {
  let version = 0;
  let byPort = new Map<number, Process[]>();
  let byAdvertised = new Map<string, Process[]>();
  const cache = new Map<string, Process | null>();

  const refresh = (): void => {
    if (version === processes.version) return;
    version = processes.version;
    byPort = new Map();
    byAdvertised = new Map();
    cache.clear();
    for (const process of processes.all()) {
      for (const port of new Set(process.listeners.map((listener) => listener.port)))
        byPort.set(port, [...(byPort.get(port) ?? []), process]);
      const advertised = process.advertised?.toLowerCase();
      if (advertised !== undefined) byAdvertised.set(advertised, [...(byAdvertised.get(advertised) ?? []), process]);
    }
  };

  const find = (caller: Process, address: string | undefined, connection: Connection | null): Process | null => {
    const ends: HostPort[] = [];
    if (connection !== null) ends.push(hostPort(connection.server));
    if (address !== undefined) ends.push(hostPort(address));
    // Both ends of one connection at one address: the caller and the callee share a network stack.
    const sameHost = connection !== null && hostPort(connection.client).host === hostPort(connection.server).host;
    for (const end of ends) {
      const listening = (byPort.get(end.port) ?? []).filter((process) => listensAt(process, end, caller, sameHost));
      const found = latest(listening);
      if (found !== null) return found;
    }
    return address === undefined ? null : latest(byAdvertised.get(address.toLowerCase()) ?? []);
  };

  return {
    resolve(caller, address, connection) {
      refresh();
      const sameHost = connection !== null && hostPort(connection.client).host === hostPort(connection.server).host;
      const key = `${caller.hostId}|${address ?? ''}|${connection?.server ?? ''}|${sameHost}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      if (cache.size >= CACHE_MAX) cache.clear();
      const found = find(caller, address, connection);
      cache.set(key, found);
      return found;
    },
  };
}

function listensAt(process: Process, end: HostPort, caller: Process, sameHost: boolean): boolean {
  const local = process.hostId === caller.hostId;
  return process.listeners.some((listener) => {
    if (listener.port !== end.port) return false;
    const bound = hostPort(listener.address).host;
    const bare = listener.address.includes('::') ? listener.address.toLowerCase() : bound;
    if (isLoopback(end.host)) return local && (isLoopback(bare) || isWildcard(bare));
    if (isLoopback(bare)) return false;
    if (isWildcard(bare)) return (local && sameHost) || process.remoteAddress === end.host;
    return bare === end.host;
  });
}

/** Replicas and restarts share a listener: the one that began last, since its predecessor must have let go of the port. */
function latest(processes: readonly Process[]): Process | null {
  let found: Process | null = null;
  for (const process of processes) if (found === null || process.firstReportAt > found.firstReportAt) found = process;
  return found;
}
