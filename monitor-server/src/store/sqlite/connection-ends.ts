import type { Connection } from '@soa-monitor/protocol';
import { hostPort, isLoopback } from './addresses.ts';

/** The hosts of a connection's two ends. */
export interface ConnectionEnds {
  readonly server: string;
  readonly client: string;
  /** One of them is a loopback address: the ends mean something within one network stack only. */
  readonly isLocal: boolean;
  /** Both ends as one text. One connection is asked for many times, so it is made once. */
  readonly text: string;
}

/** A report names each connection once, and many questions are asked of it: taken apart once. */
const known = new WeakMap<Connection, ConnectionEnds>();

export function connectionEnds(connection: Connection): ConnectionEnds {
  const found = known.get(connection);
  if (found !== undefined) return found;
  const server = hostPort(connection.server).host;
  const client = hostPort(connection.client).host;
  const text = `${connection.server} ${connection.client}`;
  const ends = { server, client, isLocal: isLoopback(server) || isLoopback(client), text };
  known.set(connection, ends);
  return ends;
}
