import type { Server } from 'node:net';
import { type Listener, plainAddress, REPORT_LIMITS } from '@soa-monitor/protocol';

/** What this process listens on with HTTP. */
export interface Listeners {
  open(server: Server, isTls: boolean): void;
  /** For servers that listened before the interceptor came. */
  note(server: Server, isTls: boolean): void;
  close(server: Server): void;
  /** A proxy's listener: what was last found behind it. */
  setBehind(server: Server, behind: NonNullable<Listener['behind']>): void;
  all(): readonly Listener[];
}

export function createListeners(onChange: () => void): Listeners {
  const known = new Map<Server, Listener>();
  /** The last one that was noted: most processes have one, and ask with each request. */
  let noted: Server | null = null;
  const open = (server: Server, isTls: boolean): void => {
    const bound = server.address();
    // A pipe has no address to be reached by from elsewhere.
    if (bound === null || typeof bound === 'string' || known.size >= REPORT_LIMITS.listeners) return;
    known.set(server, { address: plainAddress(bound.address), port: bound.port, tls: isTls });
    onChange();
  };
  return {
    open,
    note: (server, isTls) => {
      if (server === noted) return;
      if (!known.has(server) && server.listening) open(server, isTls);
      if (known.has(server)) noted = server;
    },
    close: (server) => {
      if (server === noted) noted = null;
      if (known.delete(server)) onChange();
    },
    setBehind: (server, behind) => {
      const listener = known.get(server);
      if (listener === undefined) return;
      known.set(server, { ...listener, behind });
      onChange();
    },
    // One whose end nobody told (without a patch nobody does) is let go of when it is next asked for.
    all: () => {
      for (const server of known.keys()) if (!server.listening) known.delete(server);
      if (noted !== null && !known.has(noted)) noted = null;
      return [...known.values()];
    },
  };
}
