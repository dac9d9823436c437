import type { Half } from './half.ts';
import { connectionScope } from './join-index.ts';

/** What earlier requests on a connection have shown of its other end. */
export interface Connections {
  /** A half that shows who is at its end. */
  saw(half: Half): void;
  /** The half was attributed without its other half: whoever is at the other end does not report. */
  oneSided(half: Half): void;
  /** Whether the process at the other end has reported this connection. */
  otherEndReports(half: Half): boolean;
  /** Whether an earlier request on this connection was attributed without its other half. */
  otherEndIsSilent(half: Half): boolean;
  /** Whether the other end of one of the two connections is known to be another process than the other half's. */
  endsElsewhere(client: Half, server: Half): boolean;
}

const CONNECTIONS_MAX = 50_000;

interface Known {
  /** Numbers of the processes that reported these ends last. */
  client: number | null;
  server: number | null;
  /** The ordinal of the latest request that was attributed one-sided; −1 for none. */
  oneSidedOrdinal: number;
}

/** Bounded: the connection that was used longest ago is forgotten, and its halves wait again. */
export function createConnections(): Connections {
  const known = new Map<string, Known>();
  const of = (half: Half): Known | null => {
    const key = connectionScope(half);
    return key === null ? null : (known.get(key) ?? null);
  };
  /** Where nothing was known yet, it begins to be; where something was, it is the newest now. */
  const use = (half: Half): Known | null => {
    const key = connectionScope(half);
    if (key === null) return null;
    const found = known.get(key) ?? { client: null, server: null, oneSidedOrdinal: -1 };
    known.delete(key);
    known.set(key, found);
    if (known.size > CONNECTIONS_MAX) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return found;
  };
  const otherEnd = (half: Half): number | null => of(half)?.[half.role === 'client' ? 'server' : 'client'] ?? null;

  return {
    saw(half) {
      const connection = use(half);
      if (connection !== null) connection[half.role] = half.process.number;
    },
    oneSided(half) {
      const connection = use(half);
      if (connection === null || half.ordinal === null) return;
      connection.oneSidedOrdinal = Math.max(connection.oneSidedOrdinal, half.ordinal);
    },
    otherEndReports: (half) => otherEnd(half) !== null,
    otherEndIsSilent(half) {
      const connection = of(half);
      if (connection === null || half.ordinal === null) return false;
      const otherReports = connection[half.role === 'client' ? 'server' : 'client'] !== null;
      return !otherReports && connection.oneSidedOrdinal >= 0 && half.ordinal > connection.oneSidedOrdinal;
    },
    endsElsewhere(client, server) {
      const called = otherEnd(client);
      const calling = otherEnd(server);
      return (
        (called !== null && called !== server.process.number) || (calling !== null && calling !== client.process.number)
      );
    },
  };
}
