import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import express from 'express';
import { createAccess } from './access/access.ts';
import { createAllowedHosts } from './access/allowed-hosts.ts';
import { bindRefusal } from './access/bind-policy.ts';
import { createIngestKeyCheck } from './access/ingest-key.ts';
import { createViewerSession } from './access/viewer-session.ts';
import type { Clock } from './clock.ts';
import { createHealth } from './health/health.ts';
import { createPingProof } from './health/ping-proof.ts';
import { sendPing } from './health/send-ping.ts';
import { createIngest } from './ingest/ingest.ts';
import { createReportPace } from './ingest/report-pace.ts';
import { createSettling } from './ingest/settling.ts';
import { listening, portOf } from './listening.ts';
import { createLive } from './live/live.ts';
import type { Log } from './log.ts';
import type { DiskUsage } from './metrics/disk-usage.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createProbes } from './metrics/probes.ts';
import type { OtlpCounts } from './otlp/otlp.ts';
import { answerNotFound, createFailureHandler } from './problem/last-handlers.ts';
import { problem, sendProblem } from './problem/problem.ts';
import { createQuery } from './query/query.ts';
import { createRetention, type Kept } from './retention/retention.ts';
import type { CountingStore, Store } from './store/store.ts';
import { createViewerSite } from './viewer-site/viewer-site.ts';

export { openStore } from './store/open-store.ts';

export interface MonitorServerParts {
  readonly store: Store & Partial<Pick<CountingStore, 'counts' | 'rowsInWork'>>;
  /** For /metrics: what the store takes on its disk. */
  readonly diskUsage?: () => Promise<DiskUsage>;
  /** For /metrics, where spans go out. */
  readonly otlpCounts?: () => OtlpCounts;
  readonly clock: Clock;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random: () => number;
  /** Unguessable base64url text, for nonces and the epoch. */
  readonly randomText: () => string;
  readonly log: Log;
}

export interface MonitorServerSettings extends Kept {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly hostNames: readonly string[];
  readonly ingestKey: string;
  readonly ingestKeyGiven: boolean;
  readonly viewerToken: string | null;
  readonly pingIntervalMillis: number;
  readonly pingAllow: ReadonlySet<string>;
  readonly viewersMax: number;
  /** Where the built viewer lies. */
  readonly viewerFolder: string;
}

export interface MonitorServer {
  /** Rejects when it may not or cannot listen there. */
  listen(): Promise<{ readonly port: number }>;
  /** Takes nothing new, finishes what is in hand, lets go of everything but the store. Within 5 s. */
  close(): Promise<void>;
}

const CLOSE_MILLIS = 4_000;

/** The monitor server: reports in, the live channel, the queries and the viewer out, pings around. */
export function createMonitorServer(parts: MonitorServerParts, settings: MonitorServerSettings): MonitorServer {
  const { store, clock, random, randomText, log } = parts;
  const outer = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 20_000 });
  // Never listens: what the access check lets pass is handed on to it, requests and socket upgrades alike.
  const inner = createServer();
  const metrics = createMetrics();
  const session = createViewerSession(settings.viewerToken);
  // Until it listens, and the port is known, it has no name.
  let hosts = createAllowedHosts(0, settings.host, []);
  const access = createAccess({ hosts: () => hosts, session, metrics });

  const live = createLive({ store, clock, log, metrics, http: inner, epoch: randomText() }, settings);
  const pace = createReportPace({ clock, isWatched: () => live.viewers() > 0 });
  const settling = createSettling({ store, clock, pace, log });
  const retention = createRetention({ store, clock, log, kept: settings });
  const proof = createPingProof(settings.ingestKey);
  const health = createHealth(
    { store, clock, random, log, metrics, ping: (target) => sendPing(target, randomText(), { clock, proof }) },
    settings,
  );
  const onStored: Parameters<typeof createIngest>[0]['onStored'] = (report) => {
    settling.appended();
    health.reported(report);
  };
  const hasIngestKey = createIngestKeyCheck(settings.ingestKey);
  const ingest = createIngest({ store, clock, log, metrics, pace, hasIngestKey, onStored });
  const probes = createProbes({
    store,
    clock,
    metrics,
    live,
    trouble: ingest.trouble,
    diskUsage: parts.diskUsage ?? null,
    otlpCounts: parts.otlpCounts ?? null,
  });

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.post('/api/v1/reports', (request, response) => ingest.answer(request, response));
  app.all('/api/v1/reports', (_request, response) => {
    sendProblem(response, problem(405, 'method', 'this takes POST'), { Allow: 'POST' });
  });
  app.use(probes.router);
  app.use(createQuery({ store, clock, announceView: live.announceView, metrics }));
  app.use(createViewerSite(settings.viewerFolder));
  app.use(answerNotFound, createFailureHandler(log));

  // After socket.io has taken its own path.
  inner.on('request', (request, response) => {
    if (!request.url?.startsWith('/socket.io/')) app(request, response);
  });
  outer.maxHeadersCount = 100;
  // Node's closeAllConnections leaves these alone.
  const upgraded = new Set<Duplex>();
  outer.on('request', (request, response) => {
    if (access.admit(request, response)) inner.emit('request', request, response);
  });
  outer.on('upgrade', (request, socket, head) => {
    const refused = access.refusal(request);
    socket.on('error', () => socket.destroy());
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    if (refused === null && request.url?.startsWith('/socket.io/')) inner.emit('upgrade', request, socket, head);
    else socket.end(`HTTP/1.1 ${refused?.status ?? 404} ${refused?.title ?? 'Not Found'}\r\nConnection: close\r\n\r\n`);
  });

  return {
    async listen() {
      const refusal = bindRefusal({ ...settings, viewerTokenSet: settings.viewerToken !== null });
      if (refusal !== null) throw new Error(refusal);
      await listening(outer, settings.port, settings.host);
      hosts = createAllowedHosts(portOf(outer), settings.host, settings.hostNames);
      await health.start();
      probes.ready(true);
      return { port: portOf(outer) };
    },
    async close() {
      probes.ready(false);
      const closed = new Promise<void>((resolve) => outer.close(() => resolve()));
      const cancel = clock.after(CLOSE_MILLIS, () => {
        outer.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      });
      await Promise.all([ingest.finish(), health.close()]);
      settling.close();
      retention.close();
      live.close();
      outer.closeIdleConnections();
      await closed;
      cancel();
    },
  };
}
