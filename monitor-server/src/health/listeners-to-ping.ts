import type { Listener } from '@soa-monitor/protocol';
import type { Process } from '../store/store.ts';
import type { Behind } from './behind.ts';
import { authority, eligibleAddress } from './eligible-address.ts';

/** A place to ping: one address of one server, and the process that said last that it listens there. */
export interface ListenerToPing {
  /** Server and address: what stays the same when the process is replaced. */
  readonly key: string;
  readonly process: Process;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It is a proxy's. */
  readonly behind?: Behind;
}

export interface ListenersToPing {
  readonly listeners: ReadonlyMap<string, ListenerToPing>;
  /** Servers of which no listener may be pinged, and why. */
  readonly unpingable: ReadonlyMap<string, string>;
}

const LISTENERS_MAX = 10_000;

/** Who was heard last has an address, so a new process takes it over from the one it replaces. */
export function listenersToPing(processes: readonly Process[], pingAllow: ReadonlySet<string>): ListenersToPing {
  const listeners = new Map<string, ListenerToPing>();
  const refused = new Map<string, string>();
  for (const process of processes.toSorted((a, b) => a.lastReportAt - b.lastReportAt)) {
    for (const listener of process.listeners) {
      const address = eligibleAddress(listener, process, pingAllow);
      if (address.kind === 'ineligible') {
        refused.set(process.server, address.reason);
        continue;
      }
      const { host, port, tls } = address;
      const key = `${process.server} ${authority(host, port)}`;
      if (listeners.size < LISTENERS_MAX || listeners.has(key))
        listeners.set(key, { key, process, host, port, tls, ...behindOf(listener) });
    }
  }
  const pingable = new Set([...listeners.values()].map(({ process }) => process.server));
  const unpingable = new Map([...refused].filter(([server]) => !pingable.has(server)));
  return { listeners, unpingable };
}

const behindOf = ({ behind }: Listener) => (behind === undefined ? {} : { behind });

const RETIRED_AFTER_MICROS = 3_600_000_000;

/** Whether a listener that nobody has seen up is a thing of the past: its process silent for an hour, another one not. */
export function isPast({ process }: ListenerToPing, processes: readonly Process[], now: number): boolean {
  if (now - process.lastReportAt < RETIRED_AFTER_MICROS) return false;
  return processes.some((other) => other.server === process.server && other.lastReportAt > process.lastReportAt);
}

/** Whether a listener that is down need not be watched any more, given that its server answers elsewhere. */
export function isRetired(downSince: number | null, saidGoodbye: boolean, now: number): boolean {
  return downSince !== null && (saidGoodbye || now - downSince >= RETIRED_AFTER_MICROS);
}
