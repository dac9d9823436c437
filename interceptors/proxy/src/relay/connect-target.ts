import { isIP, connect as netConnect, type Socket } from 'node:net';
import { createSecureContext, connect as tlsConnect } from 'node:tls';
import type { Target } from '../settings.ts';

/** Long calls pass nothing for minutes; a peer that is gone is found out by the system's own probes. */
export const KEEP_ALIVE_MILLIS = 60_000;

/** Connections to the target, each begun at once. Throws when its certificates are unusable. */
export function createConnector({ hostname, port, isTls, tls, isInsecure }: Target): (whenReady: () => void) => Socket {
  const options = {
    host: hostname,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MILLIS,
    allowHalfOpen: true,
  };
  if (!isTls) return (whenReady) => netConnect(options, whenReady);
  const secureContext = createSecureContext({
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
    ...(tls.ca === null ? {} : { ca: tls.ca }),
  });
  const secure = {
    secureContext,
    rejectUnauthorized: !isInsecure,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
  };
  return (whenReady) => {
    // On a socket of its own: tls.connect() alone would not keep it half open.
    const socket = netConnect(options);
    const secured = tlsConnect({ ...secure, socket, host: hostname }, whenReady);
    secured.allowHalfOpen = true;
    // Until the handshake begins its errors would be nobody's.
    socket.on('error', (error) => secured.destroy(error));
    return secured;
  };
}
