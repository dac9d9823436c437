import { AsyncResource } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Counters } from '@soa-monitor/protocol';
import { createContentTypeReader } from './envelope/content-type.ts';
import { readHostId } from './host-id.ts';
import { createClock } from './observation/clock.ts';
import { createObservatory } from './observation/observatory.ts';
import { createPingAnswerer } from './ping/answer-ping.ts';
import { createPingGuard } from './ping/ping-guard.ts';
import { deliveryOf } from './report/delivery.ts';
import { encodeReport } from './report/encode-report.ts';
import { createPoster } from './report/post.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { createRowQueue } from './report/row-queue.ts';
import { findRunning, type Interceptor, keepRunning, warnOnce } from './running.ts';
import { type InterceptorSettings, type ResolvedSettings, resolveSettings } from './settings.ts';
import { watchShutdown } from './shutdown.ts';
import { stackName } from './stack-name.ts';
import { createCauses } from './tap/causes.ts';
import { tapClients } from './tap/client-tap.ts';
import { attempt, createGuard } from './tap/guarded.ts';
import { createListeners } from './tap/listeners.ts';
import { tapMessages } from './tap/message-taps.ts';
import { tapServers } from './tap/server-tap.ts';

export type { Interceptor, InterceptorSettings };

/** At the end of the process it waits so long for the monitor, and no longer. */
const FINISH_MILLIS_MAX = 2_000;

/**
 * Observes the SOAP servers and clients of this process and reports to the monitor. One line, before or after the service is
 * set up. It changes no byte, no header and no event; it never throws. Called again, it gives the interceptor that runs.
 */
export function monitorSoap(settings: InterceptorSettings = {}): Interceptor {
  const running = findRunning();
  if (running !== null) {
    if (Object.keys(settings ?? {}).length > 0)
      warnOnce('monitorSoap() runs already; the settings of this call are not used');
    return running;
  }
  const resolved = resolveSettings(settings ?? {}, process.env, process.argv[1]);
  const started = typeof resolved === 'string' ? undefined : attempt(() => startInterceptor(resolved));
  if (started !== undefined) return keepRunning(started);
  warnOnce(
    typeof resolved === 'string' ? resolved : 'node:http cannot be observed in this process: nothing is observed',
  );
  return createIdle();
}

function createIdle(): Interceptor {
  const none = { observed: 0, acknowledged: 0, refused: 0, inTransit: 0, queued: 0, noise: 0, pings: 0, failures: 0 };
  return { close: () => Promise.resolve(), counters: () => ({ ...none, dropped: {} }) };
}

function startInterceptor(settings: ResolvedSettings): Interceptor {
  const guard = createGuard();
  const clock = createClock();
  const causes = createCauses();
  const reporterId = randomBytes(18).toString('base64url');
  const queue = createRowQueue({ rowsMax: settings.queueRowsMax, bytesMax: settings.queueBytesMax });
  const poster = createPoster(settings.reports, settings.key);
  let reporter: Reporter | null = null;
  const listeners = createListeners(() => reporter?.reportSoon());
  const sink = {
    offer: (observation: Parameters<typeof queue.offer>[0]): void => {
      queue.offer(observation);
      reporter?.wake();
    },
    drop: queue.drop,
  };
  const observatory = createObservatory({ clock, sink });
  const pings = createPingAnswerer({
    clock,
    guard: settings.key === null ? null : createPingGuard(settings.key),
    reporter: reporterId,
  });

  const counters = (): Counters => ({
    ...queue.counts(),
    noise: observatory.noise(),
    pings: pings.answered(),
    failures: guard.failures(),
  });

  const identity = {
    reporter: reporterId,
    name: settings.name,
    machine: settings.machine,
    hostId: readHostId(),
    pid: process.pid,
    stack: stackName(),
    advertised: settings.advertise,
  };

  const isOwnAgent = poster.isOwnAgent;
  const readContentType = createContentTypeReader();
  const clientTap = tapClients({ clock, observatory, causes, guard, readContentType, isOwnAgent });
  const undos = [
    ...tapServers({ clock, observatory, causes, guard, listeners, readContentType, answerPing: pings.answer }),
    ...tapMessages({ clock, observatory, causes, guard, beginClient: clientTap.begin }),
    clientTap.undo,
    causes.disable,
  ];

  // Of its own, so that a timer set while the host serves a request does not keep or pass on that request's context.
  const scope = new AsyncResource('SoaMonitor');
  reporter = createReporter({
    queue,
    deliver: (rows, closing) =>
      guard.settle(
        async () => {
          clock.correct();
          const sentAt = clock.wallMicrosAt(clock.now());
          const header = { ...identity, listeners: listeners.all(), sentAt, closing, counters: counters() };
          const posted = await poster.post(JSON.stringify(encodeReport(header, rows)));
          return deliveryOf(posted, Date.now());
        },
        { kind: 'later', waitMillis: 0, reason: 'the report could not be made' },
      ),
    sweep: (millis) => guard.run(() => observatory.sweep(millis)),
    now: clock.now,
    random: Math.random,
    after: (millis, work) => {
      const timer = scope.runInAsyncScope(() => setTimeout(() => guard.run(work), millis).unref());
      return () => clearTimeout(timer);
    },
    warn: warnOnce,
  });

  const running = reporter;
  const finish = (): Promise<void> => guard.settle(() => running.finish(FINISH_MILLIS_MAX), undefined);
  const observed = (): number => queue.counts().observed;
  undos.push(watchShutdown(process, { finish, reportSoon: running.reportSoon, observed }));

  return {
    counters,
    close: async () => {
      for (const undo of undos.reverse()) undo();
      await finish();
      running.stop();
      poster.close();
    },
  };
}
