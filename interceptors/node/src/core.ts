import { AsyncResource } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Counters, ReportHeader } from '@soa-monitor/protocol';
import { createBodyCapture } from './body/capture-bodies.ts';
import { type ContentType, createContentTypeReader } from './envelope/content-type.ts';
import { readHostId } from './host-id.ts';
import { withAttachments } from './observation/attachments.ts';
import { createBodyHashing, withBodyHash } from './observation/body-hash.ts';
import { type Clock, createClock } from './observation/clock.ts';
import type { ReadExtras } from './observation/describe.ts';
import { createObservatory, type Observatory } from './observation/observatory.ts';
import { createPingAnswerer, type PingAnswerer } from './ping/answer-ping.ts';
import { createPingGuard } from './ping/ping-guard.ts';
import { type Delivery, deliveryOf } from './report/delivery.ts';
import { encodeReport } from './report/encode-report.ts';
import { createPoster } from './report/post.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { createRowQueue, type RowCounts } from './report/row-queue.ts';
import type { SpooledBatch } from './report/spool/backlog.ts';
import { disk } from './report/spool/disk.ts';
import { reportText } from './report/spool/manifest.ts';
import { countsOfReport } from './report/spool/row-counts.ts';
import { createSpool, type Spool } from './report/spool/spool.ts';
import type { Rows } from './report/spool/spooled-supply.ts';
import { warnOnce } from './running.ts';
import type { ResolvedSettings } from './settings.ts';
import { watchShutdown } from './shutdown.ts';
import { createGuard, type Guard } from './tap/guarded.ts';
import { createListeners, type Listeners } from './tap/listeners.ts';

export type { Exchange, Target } from './observation/exchange.ts';
export { holdChunk } from './observation/held-body.ts';
export type { Pong } from './ping/answer-ping.ts';
export { type InterceptorSettings, type ResolvedSettings, resolveSettings } from './settings.ts';
export { attempt, type Guard } from './tap/guarded.ts';
export { targetOf } from './tap/message-head.ts';
export { connectionOf, type Wire } from './tap/wires.ts';

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

/** At the end of the process it waits so long for the monitor, and no longer: two seconds, with what the ending itself takes. */
const FINISH_MILLIS_MAX = 1_900;

/** `stack` says what observes, with versions. */
export function startCore(settings: ResolvedSettings, stack: string): Core {
  const guard = createGuard();
  const clock = createClock();
  const reporterId = randomBytes(18).toString('base64url');
  const queue = createRowQueue({ rowsMax: settings.queueRowsMax, bytesMax: settings.queueBytesMax });
  const poster = createPoster(settings.reports, settings.key);
  let reporter: Reporter | null = null;
  let spool: Spool | null = null;
  const reportSoon = (): void => reporter?.reportSoon();
  const listeners = createListeners(reportSoon);
  const sink = {
    offer: (observation: Parameters<typeof queue.offer>[0]): void => {
      queue.offer(observation);
      reporter?.wake();
      spool?.wake();
    },
    drop: queue.drop,
  };
  const hashing = createBodyHashing(settings.key, clock.now);
  const observatory = createObservatory({
    clock,
    sink,
    guard,
    extrasOf: withAttachments(withBodyHash(captureOf(settings))),
    hashing,
  });
  const pings = createPingAnswerer({
    clock,
    guard: settings.key === null ? null : createPingGuard(settings.key),
    reporter: reporterId,
  });

  const rowCounts = (): RowCounts => spool?.supply.counts() ?? queue.counts();
  const counters = (counts = rowCounts()): Counters => ({
    ...counts,
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
  const describe = (counts: RowCounts, closing = false): ReportHeader => {
    const sentAt = clock.wallMicrosAt(clock.now());
    return { ...identity, listeners: listeners.all(), sentAt, closing, counters: counters(counts) };
  };
  const post = (makeReport: () => string): Promise<Delivery> =>
    guard.settle(
      async () => {
        clock.correct();
        const posted = await poster.post(makeReport());
        return deliveryOf(posted, Date.now());
      },
      { kind: 'later', waitMillis: 0, isAnswered: false, reason: 'the report could not be made' },
    );
  const timing = {
    now: clock.now,
    random: Math.random,
    after: (millis: number, work: () => void): (() => void) => {
      const timer = scope.runInAsyncScope(() => setTimeout(() => guard.run(work), millis).unref());
      return () => clearTimeout(timer);
    },
    warn: warnOnce,
  };
  if (settings.spool !== null)
    spool = createSpool({
      folder: settings.spool,
      bytesMax: settings.spoolBytesMax,
      reporter: reporterId,
      queue,
      describe,
      encode: (rows) => JSON.stringify(encodeReport(describe(rowCounts()), rows)),
      post,
      isAway: () => reporter?.isAway() ?? false,
      guard,
      disk,
      ...timing,
    });
  const running = createReporter<Rows | SpooledBatch>({
    queue: spool?.supply ?? queue,
    deliver: async (batch, closing) => {
      const delivery = await post(() => {
        const header = describe(countsOfReport(rowCounts(), batch.length), closing);
        return 'kind' in batch ? reportText(header, batch.body) : JSON.stringify(encodeReport(header, batch));
      });
      if (delivery.kind === 'accepted') {
        hashing.follow(delivery.hashWish);
        spool?.reached();
      }
      return delivery;
    },
    sweep: (millis) => guard.run(() => observatory.sweep(millis)),
    keep: spool?.supply.keep,
    ...timing,
  });
  reporter = running;

  const finish = (): Promise<void> => guard.settle(() => running.finish(FINISH_MILLIS_MAX), undefined);
  const observed = (): number => {
    guard.run(observatory.settle);
    return queue.counts().observed + observatory.held();
  };
  const reportAll = (): void => {
    // The host may be about to end: nothing waits for what may come.
    guard.run(() => observatory.sweep(Number.POSITIVE_INFINITY));
    reportSoon();
  };
  const unwatch = watchShutdown(process, { finish, reportSoon: reportAll, observed });

  return {
    clock,
    guard,
    observatory,
    listeners,
    pings,
    readContentType: createContentTypeReader(),
    isOwnAgent: poster.isOwnAgent,
    counters: () => {
      guard.run(observatory.settle);
      return counters();
    },
    reportSoon,
    close: async () => {
      unwatch();
      await finish();
      running.stop();
      await spool?.close();
      poster.close();
    },
  };
}

/** Undefined: no body is captured, and nothing is asked per exchange. */
function captureOf({ bodies }: ResolvedSettings): ReadExtras | undefined {
  if (typeof bodies === 'string') warnOnce(`${bodies}: no bodies are captured`);
  return bodies === null || typeof bodies === 'string' ? undefined : createBodyCapture(bodies);
}
