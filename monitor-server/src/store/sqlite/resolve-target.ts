import type { Connection } from '@soa-monitor/protocol';
import { type HostPort, hostPort, isLoopback, isWildcard } from './addresses.ts';
import { connectionEnds } from './connection-ends.ts';
import type { Process, Processes } from './processes.ts';

/** Which reporting process listens where a call went. */
export interface Targets {
  /** The one that began last, of those that fit; null when no reporting process listens there. */
  resolve(caller: Process, address: string | undefined, connection: Connection | null): Process | null;
  /** Whether reporting processes listen where the call went, and the callee is none of them. */
  isElsewhere(caller: Process, address: string | undefined, connection: Connection | null, callee: Process): boolean;
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
  const cache = new Map<string, Found>();

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

  const find = (caller: Process, address: string | undefined, connection: Connection | null): readonly Process[] => {
    const ends: HostPort[] = [];
    if (connection !== null) ends.push(hostPort(connection.server));
    if (address !== undefined) ends.push(hostPort(address));
    for (const end of ends) {
      const listening = (byPort.get(end.port) ?? []).filter((process) =>
        listensAt(process, end, caller, isOnOneHost(connection)),
      );
      if (listening.length > 0) return listening;
    }
    return address === undefined ? [] : (byAdvertised.get(address.toLowerCase()) ?? []);
  };
  const listeners = (caller: Process, address: string | undefined, connection: Connection | null): Found => {
    refresh();
    const key = `${caller.hostId}|${address ?? ''}|${connection?.server ?? ''}|${isOnOneHost(connection)}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size >= CACHE_MAX) cache.clear();
    const all = find(caller, address, connection);
    const found = { all, latest: latest(all) };
    cache.set(key, found);
    return found;
  };

  return {
    resolve: (caller, address, connection) => listeners(caller, address, connection).latest,
    isElsewhere(caller, address, connection, callee) {
      const { all } = listeners(caller, address, connection);
      return all.length > 0 && all.every(({ number }) => number !== callee.number);
    },
  };
}

interface Found {
  readonly all: readonly Process[];
  readonly latest: Process | null;
}

/** Both ends of one connection at one address: the caller and the callee share a network stack. */
const isOnOneHost = (connection: Connection | null): boolean =>
  connection !== null && connectionEnds(connection).client === connectionEnds(connection).server;

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
