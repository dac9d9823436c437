import { type Delivery, INTERVAL_MILLIS_DEFAULT } from './delivery.ts';
import type { Supply } from './supply.ts';

export interface Reporter {
  /** Rows were queued. */
  wake(): void;
  /** Something that the monitor should know at once. */
  reportSoon(): void;
  /** Sends what there is, says goodbye, and gives up after `limitMillis`. The only time that keeps the process alive. */
  finish(limitMillis: number): Promise<void>;
  stop(): void;
  /** Whether the last report failed, or the one on its way has had no answer for longer than it ought to take. */
  isAway(): boolean;
}

export interface ReporterParts<Batch extends { readonly length: number }> {
  readonly queue: Supply<Batch>;
  /** Encodes and posts at once, counters included; never rejects. */
  readonly deliver: (rows: Batch, isClosing: boolean) => Promise<Delivery>;
  /** Told the age from which an exchange in flight is reported as open. */
  readonly sweep: (openAfterMillis: number) => void;
  readonly now: () => number;
  readonly random: () => number;
  /** Once, unref'd. */
  readonly after: (millis: number, work: () => void) => () => void;
  /** Says a text once. */
  readonly warn: (message: string) => void;
  /** Brings what memory holds to where it outlives the process; for when it is about to end and the monitor is away. */
  readonly keep?: (() => Promise<void>) | undefined;
}

export const BATCH_ROWS_MAX = 1_000;
/** Of queue memory, which JSON does not exceed by more than a factor of two: well below the monitor's 8 MB. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** A report goes out so often even without rows, so that the monitor knows the process lives. */
const SILENCE_MILLIS_MAX = 1_000;
const BACK_OFF_MILLIS_MIN = 500;
const BACK_OFF_MILLIS_MAX = 30_000;
/** A report without an answer for so long: the monitor may be away. */
const UNANSWERED_MILLIS = 1_000;
/** What waits besides the latest rows is sent with pauses: catching up must not take the host's processor. */
const CATCH_UP_MILLIS = 50;
/** So often a batch is answered by 5xx while reports without rows are taken: then the reason is in the batch. */
const SUSPICION_MAX = 20;

/** Decides when to report and what to do with the answer. One report is on its way at a time. */
export function createReporter<Batch extends { readonly length: number }>(parts: ReporterParts<Batch>): Reporter {
  const { queue, deliver, sweep, now, random, after, warn, keep = async () => {} } = parts;
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
  /** Then a report without rows asks whether the monitor is back: nothing is encoded over and over for one that is not. */
  let isAway = false;
  /** Failures of the batch in front just after a report without rows was taken. */
  let suspicion = 0;
  let isProbed = false;
  let hasSaidGoodbye = false;

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
    else if (wantsReport) schedule(0);
    else if (queue.isBehind?.()) schedule(CATCH_UP_MILLIS);
    else if (queue.size() >= batchRows) schedule(0);
    else schedule(Math.max(0, intervalMillis - (now() - lastReportAt)));
  };

  const report = (isFinishing: boolean): Promise<Delivery> => {
    wantsReport = false;
    lastReportAt = now();
    const wasAway = isAway;
    current = (async () => {
      const rows = await queue.take(wasAway ? 0 : batchRows, BATCH_BYTES_MAX);
      hasSaidGoodbye = isFinishing && queue.size() === 0;
      const delivery = await deliver(rows, hasSaidGoodbye);
      current = null;
      settle(rows.length, delivery);
      return delivery;
    })();
    return current;
  };

  const settle = (rows: number, delivery: Delivery): void => {
    isAway = delivery.kind === 'later' || delivery.kind === 'notWelcome';
    if (delivery.kind === 'accepted') {
      queue.settle(delivery.acknowledged, delivery.refused);
      failures = 0;
      intervalMillis = delivery.nextMillis;
      isProbed = rows === 0;
      if (isProbed) wantsReport ||= queue.size() > 0;
      else {
        suspicion = Math.max(0, suspicion - 1);
        batchRows = Math.min(BATCH_ROWS_MAX, batchRows * 2);
      }
      return;
    }
    const isBad = delivery.kind === 'notTaken' || isSuspect(rows, delivery);
    if (isBad && rows > 1) {
      // Somewhere in it stands what the monitor refuses whole: halves find it.
      queue.giveBack();
      batchRows = Math.max(1, Math.floor(rows / 2));
      if (delivery.kind === 'notTaken') return;
    } else if (isBad) queue.discard('notTaken');
    else queue.giveBack();
    if (delivery.kind !== 'later') warn(`the monitor does not take reports (${delivery.reason}); rows wait`);
    waitsUntil = now() + backOff(delivery);
  };

  /** 5xx says that the monitor is busy, and it is tried again; but not for ever, in front of all others, when it is not. */
  const isSuspect = (rows: number, delivery: Delivery): boolean => {
    if (delivery.kind !== 'later' || !delivery.isAnswered || rows === 0 || !isProbed) return false;
    isProbed = false;
    suspicion = Math.min(SUSPICION_MAX, suspicion + 1);
    return suspicion === SUSPICION_MAX;
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

  const isMissed = (): boolean => isAway || (current !== null && now() - lastReportAt >= UNANSWERED_MILLIS);

  schedule(0);

  return {
    wake: () => {
      if (queue.size() >= batchRows && !queue.isBehind?.()) soon();
    },
    reportSoon: () => {
      wantsReport = true;
      soon();
    },
    isAway: isMissed,
    finish: async (limitMillis) => {
      cancel?.();
      let isOver = false;
      const holds: NodeJS.Timeout[] = [];
      // Not unref'd: for this long, and no longer, the process waits for us.
      const limit = new Promise<void>((resolve) => {
        // What has no answer by then is brought to where it is safe while there is time for it.
        holds.push(setTimeout(() => void keep(), limitMillis / 2));
        holds.push(
          setTimeout(() => {
            isOver = true;
            resolve();
          }, limitMillis),
        );
      });
      const drain = async (): Promise<void> => {
        sweep(Number.POSITIVE_INFINITY);
        if (isMissed()) await keep();
        if (current !== null) await current;
        for (let isDone = false; !isOver && !isDone; ) {
          const delivery = await report(true);
          isDone =
            delivery.kind === 'later' || delivery.kind === 'notWelcome' || (hasSaidGoodbye && queue.size() === 0);
        }
        await keep();
      };
      // What is still in the air at the limit schedules the next report when it has landed: the host may live on.
      await Promise.race([drain().then(scheduleNext), limit]);
      for (const hold of holds) clearTimeout(hold);
      scheduleNext();
    },
    stop: () => {
      isStopped = true;
      cancel?.();
    },
  };
}
