import { AsyncResource } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Counters } from '@soa-monitor/protocol';
import { type ContentType, createContentTypeReader } from './envelope/content-type.ts';
import { readHostId } from './host-id.ts';
import { type Clock, createClock } from './observation/clock.ts';
import { createObservatory, type Observatory } from './observation/observatory.ts';
import { createPingAnswerer, type PingAnswerer } from './ping/answer-ping.ts';
import { createPingGuard } from './ping/ping-guard.ts';
import { deliveryOf } from './report/delivery.ts';
import { encodeReport } from './report/encode-report.ts';
import { createPoster } from './report/post.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { createRowQueue } from './report/row-queue.ts';
import { warnOnce } from './running.ts';
import type { ResolvedSettings } from './settings.ts';
import { watchShutdown } from './shutdown.ts';
import { createGuard, type Guard } from './tap/guarded.ts';
import { createListeners, type Listeners } from './tap/listeners.ts';

/**
 * One reporter without its taps: what it observed goes through `observatory`, queues, and is reported; pings are answered by
 * `pings`. The taps of this package feed it from `node:http`; another tap (a proxy) feeds it from what it sees.
 */
export interface Core {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly observatory: Observatory;
  readonly listeners: Listeners;
  readonly pings: PingAnswerer;
  readonly readContentType: (header: string) => ContentType;
  /** The agent of our own reports: what it carries is not observed. */
  isOwnAgent(agent: unknown): boolean;
  counters(): Counters;
  /** Reports now: something that the monitor should know at once. */
  reportSoon(): void;
  /** Sends what there is, says goodbye, and lets go of everything; never rejects. Undo the taps first. */
  close(): Promise<void>;
}

/** At the end of the process it waits so long for the monitor, and no longer. */
const FINISH_MILLIS_MAX = 2_000;

/** `stack` says what observes, with versions. */
export function startCore(settings: ResolvedSettings, stack: string): Core {
  const guard = createGuard();
  const clock = createClock();
  const reporterId = randomBytes(18).toString('base64url');
  const queue = createRowQueue({ rowsMax: settings.queueRowsMax, bytesMax: settings.queueBytesMax });
  const poster = createPoster(settings.reports, settings.key);
  let reporter: Reporter | null = null;
  const reportSoon = (): void => reporter?.reportSoon();
  const listeners = createListeners(reportSoon);
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
    stack,
    advertised: settings.advertise,
  };

  // Of its own, so that a timer set while the host serves a request does not keep or pass on that request's context.
  const scope = new AsyncResource('SoaMonitor');
  const running = createReporter({
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
  reporter = running;

  const finish = (): Promise<void> => guard.settle(() => running.finish(FINISH_MILLIS_MAX), undefined);
  const observed = (): number => queue.counts().observed;
  const unwatch = watchShutdown(process, { finish, reportSoon, observed });

  return {
    clock,
    guard,
    observatory,
    listeners,
    pings,
    readContentType: createContentTypeReader(),
    isOwnAgent: poster.isOwnAgent,
    counters,
    reportSoon,
    close: async () => {
      unwatch();
      await finish();
      running.stop();
      poster.close();
    },
  };
}
