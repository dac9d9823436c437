import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Core } from '@soa-monitor/interceptor/core';
import { createProber } from './behind/prober.ts';
import type { InFlight } from './observe/in-flight.ts';
import { createConnector, KEEP_ALIVE_MILLIS } from './relay/connect-target.ts';
import { createOwnReply, ownReplyBytes } from './relay/own-reply.ts';
import { createRelay, type Relay } from './relay/relay.ts';
import type { RouteSettings } from './settings.ts';
import { createWsdlEditor } from './wsdl/wsdl-editor.ts';

/** One listening port and the relays of its connections. */
export interface Route {
  readonly port: number;
  /** Takes no new connection, lets what is in flight end, and ends the rest after `millis`. */
  close(millis: number): Promise<void>;
}

/** Over the limit that is answered, so many more are held before connections are cut off unanswered. */
const REFUSED_AT_ONCE_MAX = 64;
const SWEEPS_PER_LIMIT = 10;
const SWEEP_MILLIS_MAX = 1_000;
const SWEEP_MILLIS_MIN = 20;

/** Rejects when the port cannot be listened on. Throws when certificates are unusable. */
export async function openRoute(settings: RouteSettings, core: Core, inFlight: InFlight): Promise<Route> {
  const { side, target, tls, connectionsMax, replyMillisMax, idleMillisMax } = settings;
  const relays = new Set<Relay>();
  const sockets = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MILLIS, allowHalfOpen: true };
  const server: Server =
    tls === null
      ? createNetServer(sockets)
      : createTlsServer({
          ...sockets,
          ...(tls.cert === null ? {} : { cert: tls.cert }),
          ...(tls.key === null ? {} : { key: tls.key }),
          ...(tls.ca === null ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: true }),
          ALPNProtocols: ['http/1.1'],
        });
  const prober =
    side === 'service' && settings.probeMillis > 0
      ? createProber(settings, (behind) => core.listeners.setBehind(server, behind))
      : null;
  const parts = {
    core,
    side,
    address: target.address,
    inFlight,
    connect: createConnector(target),
    connectMillisMax: settings.connectMillisMax,
    host: settings.host,
    wsdl: settings.rewritesWsdl
      ? createWsdlEditor({ target: target.address, isTargetTls: target.isTls, isTls: tls !== null })
      : null,
    onTargetFailure: () => prober?.probeSoon(),
  };

  const accept = (caller: Socket): void => {
    if (relays.size >= connectionsMax) {
      refuse(caller, connectionsMax);
      core.observatory.countNoise();
      return;
    }
    const relay: Relay = createRelay(caller, parts, () => relays.delete(relay));
    relays.add(relay);
  };
  server.maxConnections = connectionsMax + REFUSED_AT_ONCE_MAX;
  server.on('drop', () => core.observatory.countNoise());
  server.on(tls === null ? 'connection' : 'secureConnection', accept);
  await listen(server, settings.listen);
  // A failure to take one connection (no file descriptors left) must not end the others.
  server.on('error', () => undefined);
  if (side === 'service') core.listeners.open(server, tls !== null);
  prober?.start();

  const limits = [replyMillisMax, idleMillisMax].filter((limit) => limit > 0);
  const period = Math.min(SWEEP_MILLIS_MAX, Math.max(SWEEP_MILLIS_MIN, Math.min(...limits) / SWEEPS_PER_LIMIT));
  const sweep = (): void => {
    const now = core.clock.now();
    for (const relay of relays) relay.expire(now, replyMillisMax, idleMillisMax);
  };
  const sweeping = limits.length > 0 ? setInterval(sweep, period).unref() : undefined;

  return {
    port: boundPort(server),
    close: (millis) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(limit);
          clearInterval(sweeping);
          core.listeners.close(server);
          resolve();
        };
        const limit = setTimeout(() => {
          for (const relay of relays) relay.abort();
          // Connections that are no relays yet, such as those within a handshake, are not waited for.
          setImmediate(done);
        }, millis);
        prober?.stop();
        server.close(done);
        for (const relay of relays) relay.drain();
      }),
  };
}

function refuse(caller: Socket, connectionsMax: number): void {
  const why = `${connectionsMax} connections are open, which is as many as are allowed (--max-connections)`;
  caller.on('error', () => undefined);
  caller.end(ownReplyBytes(createOwnReply(503, why, 'refused'), false));
  caller.resume();
  caller.on('end', () => caller.destroy());
  setTimeout(() => caller.destroy(), 1_000).unref();
}

const listen = (server: Server, { host, port }: RouteSettings['listen']): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const why = REASONS[error.code ?? ''] ?? error.message;
      reject(new Error(`cannot listen on ${host === '' ? '' : `${host}:`}${port}: ${why}`));
    };
    server.once('error', fail);
    server.listen(port, host === '' ? undefined : host, () => {
      server.removeListener('error', fail);
      resolve();
    });
  });

const REASONS: { readonly [code: string]: string } = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'this user may not (ports below 1024 need a right to)',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

function boundPort(server: Server): number {
  const bound = server.address();
  return bound === null || typeof bound === 'string' ? 0 : bound.port;
}
