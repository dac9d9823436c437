import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { createSystemClock } from '../clock.ts';
import { createMonitorServer, type MonitorServerParts, type MonitorServerSettings } from '../monitor-server.ts';
import type { Store } from '../store/store.ts';

export const INGEST_KEY = 'test-ingest-key-0123456789';

/** A server on a free port of loopback. */
export async function startServer(
  store: Store,
  settings: Partial<MonitorServerSettings> = {},
  parts: Partial<MonitorServerParts> = {},
) {
  const server = createMonitorServer(
    {
      store,
      clock: createSystemClock(),
      random: () => 0.5,
      randomText: () => randomBytes(24).toString('base64url'),
      log: pino({ level: 'silent' }),
      ...parts,
    },
    {
      host: '127.0.0.1',
      port: 0,
      hostNames: [],
      ingestKey: INGEST_KEY,
      ingestKeyGiven: false,
      viewerToken: null,
      pingIntervalMillis: 5_000,
      pingAllow: new Set(),
      viewersMax: 50,
      keepDays: 30,
      keepBodiesDays: 7,
      keepRollupsDays: 400,
      maxSizeGib: 0,
      viewerFolder: '/nowhere',
      ...settings,
    },
  );
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const send = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: { readonly [name: string]: string } = {},
  ): Promise<Response> =>
    fetch(`${url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${INGEST_KEY}`, ...headers },
      body,
    });
  return { server, port, url, send };
}
