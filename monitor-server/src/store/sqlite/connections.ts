import type { Connection } from '@soa-monitor/protocol';
import { type ConnectionEnds, connectionEnds } from './connection-ends.ts';
import { createGenerations } from './generations.ts';
import type { Half, Line } from './half.ts';
import type { Process } from './processes.ts';

/** What earlier requests on a connection have shown of its other end. */
export interface Connections {
  /** Null: the half knows no connection. */
  lineOf(half: Half): Line | null;
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

/** At least so many are known, and at most twice as many that nothing waits at. */
const LINES_MAX = 50_000;
/** Connections of the last reports whose lines are known by their objects. */
const NEAR_MAX = 4_096;
/** Bounded: the connection that was used longest ago is forgotten, and its halves wait again. */
export function createConnections(): Connections {
  const lines = createGenerations<string, Line>(LINES_MAX, ({ joinable }) => joinable.size > 0);
  /** Rows of one report share their connections. */
  const near = new Map<Connection, Line>();

  const find = (connection: Connection, hostId: string): Line => {
    const ends = connectionEnds(connection);
    const key = ends.isLocal ? `${hostId} ${ends.text}` : ends.text;
    let line = lines.get(key);
    if (line === undefined) {
      line = newLine(key, ends, hostId);
      lines.set(key, line);
    }
    if (near.size >= NEAR_MAX) near.clear();
    near.set(connection, line);
    return line;
  };
  const lineOf = (half: Half): Line | null => {
    if (half.line !== undefined) return half.line;
    const { connection, process } = half;
    if (connection === null) half.line = null;
    else {
      const line = near.get(connection);
      const isNear = line !== undefined && (!line.ends.isLocal || line.hostId === process.hostId);
      half.line = isNear ? line : find(connection, process.hostId);
    }
    return half.line;
  };
  const otherEnd = (half: Half): Process | null => {
    const line = lineOf(half);
    return line === null ? null : half.role === 'client' ? line.server : line.client;
  };

  return {
    lineOf,
    saw(half) {
      const line = lineOf(half);
      if (line === null) return;
      if (half.role === 'client') line.client = half.process;
      else line.server = half.process;
    },
    oneSided(half) {
      const line = lineOf(half);
      if (line === null || half.ordinal === null) return;
      line.oneSidedOrdinal = Math.max(line.oneSidedOrdinal, half.ordinal);
    },
    otherEndReports: (half) => otherEnd(half) !== null,
    otherEndIsSilent(half) {
      const line = lineOf(half);
      if (line === null || half.ordinal === null || otherEnd(half) !== null) return false;
      return line.oneSidedOrdinal >= 0 && half.ordinal > line.oneSidedOrdinal;
    },
    endsElsewhere(client, server) {
      const called = otherEnd(client);
      const calling = otherEnd(server);
      return (
        (called !== null && called.number !== server.process.number) ||
        (calling !== null && calling.number !== client.process.number)
      );
    },
  };
}

const newLine = (key: string, ends: ConnectionEnds, hostId: string): Line => ({
  key,
  ends,
  hostId,
  client: null,
  server: null,
  clientClaimedAt: Number.NaN,
  serverClaimedAt: Number.NaN,
  code: null,
  oneSidedOrdinal: -1,
  joinable: new Map(),
});
