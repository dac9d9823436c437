import { hostPort } from './addresses.ts';
import type { Key } from './exchange-key.ts';
import { type ExchangeRecord, firstHalf, type Half } from './half.ts';
import type { LinkRecord, NodeRecord, Register } from './register.ts';
import type { Targets } from './resolve-target.ts';

/** Says between which two nodes an exchange ran. */
export interface Attribution {
  /**
   * Its link, or null while one of the ends is not known yet. `force` settles for what is known: a missing client is a bare
   * address, a missing server whoever listens at the target (else an outside node), a missing parent the process itself.
   */
  linkOf(exchange: ExchangeRecord, force: Force): LinkRecord | null;
  /** The endpoint at which a process served this half. */
  servedAt(half: Half): NodeRecord;
  /** Whether a reporting process listens where this client's half went. */
  resolves(half: Half): boolean;
  /** Whether reporting processes listen where the client's half went, and the server's process is none of them. */
  isElsewhere(client: Half, server: Half): boolean;
}

export interface Force {
  readonly otherHalf: boolean;
  readonly parent: boolean;
}

export function createAttribution(
  register: Register,
  targets: Targets,
  halfAt: (key: Key) => Half | null,
): Attribution {
  const servedAt = (half: Half): NodeRecord => register.endpoint(half.process, half.call.call.path, half.time);

  const source = (exchange: ExchangeRecord, force: Force): NodeRecord | null => {
    const { client, server } = exchange;
    if (client === null) {
      if (server === null || !force.otherHalf) return null;
      const address = server.connection === null ? '' : hostPort(server.connection.client).host;
      return register.address(address === '' ? server.process.remoteAddress : address, server.time);
    }
    if (client.parentNo === null) return register.origin(client.process, client.time);
    // The parent is the call that this very process was serving: it is named by the half that the process reported.
    if (exchange.parentEndpoint !== null) return exchange.parentEndpoint;
    const parent = exchange.parent === null ? null : halfAt(exchange.parent);
    if (parent !== null) return servedAt(parent);
    return force.parent || !exchange.orphan ? register.origin(client.process, client.time) : null;
  };

  const target = (exchange: ExchangeRecord, force: Force): NodeRecord | null => {
    const { client, server } = exchange;
    if (server !== null) return servedAt(server);
    if (client === null || !force.otherHalf) return null;
    const { address, path } = client.call.call;
    const process = targets.resolve(client.process, address, client.connection);
    if (process !== null) return register.endpoint(process, path, client.time);
    return register.outside(address ?? client.connection?.server ?? 'unknown', path, client.time);
  };

  return {
    linkOf(exchange, force) {
      // Both ends are looked at before either is registered for good: a half that waits leaves no node behind.
      if ((exchange.client === null || exchange.server === null) && !force.otherHalf) return null;
      const from = source(exchange, force);
      if (from === null) return null;
      const to = target(exchange, force);
      if (to === null) return null;
      const { time } = firstHalf(exchange);
      register.touch(from, time);
      register.touch(to, time);
      return register.link(from, to);
    },
    servedAt,
    resolves: (half) => targets.resolve(half.process, half.call.call.address, half.connection) !== null,
    isElsewhere: (client, server) =>
      targets.isElsewhere(client.process, client.call.call.address, client.connection, server.process),
  };
}
