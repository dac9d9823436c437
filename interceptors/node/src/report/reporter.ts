import type { ReportedRow } from '@soa-monitor/protocol';
import { type Delivery, INTERVAL_MILLIS_DEFAULT } from './delivery.ts';
import type { RowQueue } from './row-queue.ts';

export interface Reporter {
  /** Rows were queued. */
  wake(): void;
  /** Something that the monitor should know at once. */
  reportSoon(): void;
  /** Sends what there is, says goodbye, and gives up after `limitMillis`. The only time that keeps the process alive. */
  finish(limitMillis: number): Promise<void>;
  stop(): void;
}

export interface ReporterParts {
  readonly queue: RowQueue;
  /** Encodes and posts at once, counters included; never rejects. */
  readonly deliver: (rows: readonly ReportedRow[], isClosing: boolean) => Promise<Delivery>;
  /** Told the age from which an exchange in flight is reported as open. */
  readonly sweep: (openAfterMillis: number) => void;
  readonly now: () => number;
  readonly random: () => number;
  /** Once, unref'd. */
  readonly after: (millis: number, work: () => void) => () => void;
  /** Says a text once. */
  readonly warn: (message: string) => void;
}

export const BATCH_ROWS_MAX = 1_000;
/** Of queue memory, which JSON does not exceed by more than a factor of two: well below the monitor's 8 MB. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** A report goes out so often even without rows, so that the monitor knows the process lives. */
const SILENCE_MILLIS_MAX = 1_000;
const BACK_OFF_MILLIS_MIN = 500;
const BACK_OFF_MILLIS_MAX = 30_000;

/** Decides when to report and what to do with the answer. One report is on its way at a time. */
export function createReporter(parts: ReporterParts): Reporter {
  const { queue, deliver, sweep, now, random, after, warn } = parts;
  let intervalMillis = INTERVAL_MILLIS_DEFAULT;
  let batchRows = BATCH_ROWS_MAX;
  let failures = 0;
  let lastReportAt = Number.NEGATIVE_INFINITY;
  let waitsUntil = Number.NEGATIVE_INFINITY;
  let current: Promise<Delivery> | null = null;
  let cancel: (() => void) | null = null;
  let isSoon = false;
  let wantsReport = false;
  let isStopped = false;

  const schedule = (millis: number): void => {
    cancel?.();
    if (!isStopped) cancel = after(millis, tick);
  };

  const tick = (): void => {
    isSoon = false;
    sweep(Math.min(intervalMillis, INTERVAL_MILLIS_DEFAULT));
    const silence = Math.max(intervalMillis, SILENCE_MILLIS_MAX);
    const isDue = queue.size() > 0 || wantsReport || now() - lastReportAt >= silence - 1;
    // A tick during a report does nothing: its answer schedules the next one.
    if (current !== null) return;
    if (now() < waitsUntil) schedule(waitsUntil - now());
    else if (isDue) void report(false).then(() => scheduleNext());
    else schedule(intervalMillis);
  };

  const scheduleNext = (): void => {
    if (current !== null) return;
    const wait = Math.max(0, waitsUntil - now());
    if (wait > 0) schedule(wait);
    else if (queue.size() >= batchRows || wantsReport) schedule(0);
    else schedule(Math.max(0, intervalMillis - (now() - lastReportAt)));
  };

  const report = async (isClosing: boolean): Promise<Delivery> => {
    wantsReport = false;
    lastReportAt = now();
    const rows = queue.take(batchRows, BATCH_BYTES_MAX);
    current = deliver(rows, isClosing);
    const delivery = await current;
    current = null;
    settle(rows.length, delivery);
    return delivery;
  };

  const settle = (rows: number, delivery: Delivery): void => {
    if (delivery.kind === 'accepted') {
      queue.settle(delivery.acknowledged, delivery.refused);
      failures = 0;
      intervalMillis = delivery.nextMillis;
      batchRows = Math.min(BATCH_ROWS_MAX, batchRows * 2);
      return;
    }
    if (delivery.kind === 'notTaken' && rows > 1) {
      // Somewhere in it stands what the monitor refuses whole: halves find it.
      queue.giveBack();
      batchRows = Math.max(1, Math.floor(rows / 2));
      return;
    }
    if (delivery.kind === 'notTaken') queue.discard('notTaken');
    else queue.giveBack();
    if (delivery.kind !== 'later') warn(`the monitor does not take reports (${delivery.reason}); rows wait`);
    waitsUntil = now() + backOff(delivery);
  };

  /** Doubles from 0.5 s to 30 s, the upper half of it by chance, so that a thousand reporters do not return as one. */
  const backOff = (delivery: Delivery): number => {
    if (delivery.kind === 'notTaken') failures++;
    else failures = delivery.kind === 'notWelcome' ? Number.MAX_SAFE_INTEGER : failures + 1;
    const doubled = BACK_OFF_MILLIS_MIN * 2 ** Math.min(failures - 1, 10);
    const bounded = Math.min(doubled, BACK_OFF_MILLIS_MAX) * (0.5 + random() / 2);
    return delivery.kind === 'later' ? Math.max(bounded, delivery.waitMillis) : bounded;
  };

  const soon = (): void => {
    if (isSoon || isStopped || current !== null || now() < waitsUntil) return;
    isSoon = true;
    schedule(0);
  };

  schedule(0);

  return {
    wake: () => {
      if (queue.size() >= batchRows) soon();
    },
    reportSoon: () => {
      wantsReport = true;
      soon();
    },
    finish: async (limitMillis) => {
      cancel?.();
      let isOver = false;
      let hold: NodeJS.Timeout | undefined;
      // Not unref'd: for this long, and no longer, the process waits for us.
      const limit = new Promise<void>((resolve) => {
        hold = setTimeout(() => {
          isOver = true;
          resolve();
        }, limitMillis);
      });
      const drain = async (): Promise<void> => {
        if (current !== null) await current;
        sweep(Number.POSITIVE_INFINITY);
        for (let isDone = false; !isOver && !isDone; ) {
          const isLast = queue.size() <= batchRows;
          const delivery = await report(isLast);
          isDone = delivery.kind === 'later' || delivery.kind === 'notWelcome' || (isLast && queue.size() === 0);
        }
      };
      // What is still in the air at the limit schedules the next report when it has landed: the host may live on.
      await Promise.race([drain().then(scheduleNext), limit]);
      clearTimeout(hold);
      scheduleNext();
    },
    stop: () => {
      isStopped = true;
      cancel?.();
    },
  };
}
