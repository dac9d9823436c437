import type { Connection } from '@soa-monitor/protocol';
import { hostPort, isLoopback } from './addresses.ts';

/** The hosts of a connection's two ends. */
export interface ConnectionEnds {
  readonly server: string;
  readonly client: string;
  /** One of them is a loopback address: the ends mean something within one network stack only. */
  readonly isLocal: boolean;
}

/** A report names each connection once, and many questions are asked of it: taken apart once. */
const known = new WeakMap<Connection, ConnectionEnds>();

export function connectionEnds(connection: Connection): ConnectionEnds {
  const found = known.get(connection);
  if (found !== undefined) return found;
  const server = hostPort(connection.server).host;
  const client = hostPort(connection.client).host;
  const ends = { server, client, isLocal: isLoopback(server) || isLoopback(client) };
  known.set(connection, ends);
  return ends;
}
