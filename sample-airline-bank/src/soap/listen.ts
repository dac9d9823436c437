import type { Server } from 'node:http';

export type Listening = { readonly port: number; readonly url: string; close(): void };

const HOST = '127.0.0.1';
/** Longer than any pause between two calls, so that no call meets a connection that is just being closed. */
const KEEP_ALIVE_MILLIS = 65_000;
const DRAIN_MILLIS = 500;

/** Listens on loopback; port 0 takes a free one. Rejects with the error of the system, EADDRINUSE for one. */
export function listen(server: Server, port: number, path: string): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MILLIS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error(`no port behind ${String(address)}`);
      resolve({ port: address.port, url: `http://${HOST}:${address.port}${path}`, close: () => close(server) });
    });
  });
}

/** What is being answered has a moment to finish; a connection kept alive would otherwise hold the process. */
function close(server: Server): void {
  server.close();
  setTimeout(() => server.closeAllConnections(), DRAIN_MILLIS).unref();
}
