import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Arrival, ArrivalsQuery, ExchangePlace, Store } from '../store/store.ts';
import { exchangeSpans } from './exchange-spans.ts';
import { createHalfMemory } from './half-memory.ts';
import { createLateArrivals, type LateArrivals } from './late-arrivals.ts';
import type { OtlpStateFile } from './otlp-state.ts';
import type { SpanSender } from './send-spans.ts';
import { createSpanResources } from './span-resources.ts';
import { createSpanIds } from './trace-context.ts';
import { createWaitingExchanges, hasEnded } from './waiting-exchanges.ts';

/**
 * Sends each exchange once it has ended and settled, as spans. The store is the queue, read on in the order of time; in
 * memory is only what is out of that order: what had not ended or was not attributed when it was passed, and what came late.
 */
export interface Otlp {
  /** For /metrics. Counted in exchanges since the start. */
  counts(): OtlpCounts;
  /** Waits for the batch in hand, not for long. */
  close(): Promise<void>;
}

export interface OtlpCounts {
  readonly sent: number;
  readonly spans: number;
  /** Refused by the receiver as bad. */
  readonly failed: number;
  /** Not sent: a day old when their turn came, or no room to wait for their end, or for their turn when they came late. */
  readonly dropped: number;
  /** Times that a batch had to be kept for later. */
  readonly retries: number;
  /** Looked at again: in flight, just ended, or come late. */
  readonly waiting: number;
  /** How long ago the oldest one began that should have gone out; 0: none is late. */
  readonly lagMicros: number;
}

interface Parts {
  readonly store: Pick<Store, 'arrivals' | 'node' | 'placeOf' | 'subscribe'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomText: () => string;
  readonly log: Log;
  readonly sender: SpanSender;
  readonly stateFile: OtlpStateFile;
}

const EXCHANGES_PER_BATCH = 128;
const POLL_MILLIS = 1_000;
const BACKOFF_MILLIS = { first: 1_000, most: 60_000 };
const STALE_MICROS = 24 * 3_600 * 1_000_000;
const CLOSE_MILLIS = 2_000;
/**
 * After a kill the last second or so of what was told is not in the state: what came late then is looked for so far back. A
 * report that is later than this is a spool's, and of one whose last second is lost nothing tells.
 */
const RECOVERED_MICROS = 600_000_000;

export function createOtlp(parts: Parts, settings: { readonly settleMillis: number }): Otlp {
  const { store, clock, random, log, sender, stateFile } = parts;
  const settleMicros = settings.settleMillis * 1_000;
  const kept = stateFile.read();
  const salt = kept?.salt ?? parts.randomText();
  const ids = createSpanIds(salt);
  const waiting = createWaitingExchanges(settleMicros);
  for (const id of kept?.waiting ?? []) waiting.add(id, null);
  const halves = createHalfMemory();
  const resourceOf = createSpanResources(store);
  /** Null until the end of a store is known that nothing was sent of. */
  let late: LateArrivals | null = kept === null ? null : createLateArrivals(store.placeOf, kept.passed);
  let hasRecovered = kept === null;
  /** Whether other exchanges wait than the state says. */
  let isChanged = false;
  const counts = { sent: 0, spans: 0, failed: 0, dropped: 0, retries: 0 };
  let oldestLate: number | null = null;
  let failures = 0;
  let closed = false;
  let isAbandoned = false;
  let inHand: Promise<void> = Promise.resolve();
  let cancel = clock.after(0, begin);

  const unsubscribe = store.subscribe(({ feed }) => {
    for (const [id, , , , , requestSent, requestReceived] of feed.exchanges) {
      const isBoth = requestSent !== null && requestReceived !== null;
      // The other half came after all. There is no promise about it when too many wait.
      if (isBoth && halves.wasOneSided(id)) waiting.add(id, clock.now() + settleMicros);
      else if (late?.told(id)) wait(id, clock.now() + settleMicros);
    }
  });

  function wait(id: string, dueAt: number | null): void {
    if (!waiting.add(id, dueAt)) counts.dropped += 1;
    isChanged = true;
  }

  function begin(): void {
    inHand = round().then(
      (waitMillis) => {
        if (!closed) cancel = clock.after(waitMillis, begin);
      },
      (error: unknown) => {
        log.error({ err: error }, 'spans could not be made');
        if (!closed) cancel = clock.after(later(), begin);
      },
    );
  }

  /** One batch. Gives when to come again. */
  async function round(): Promise<number> {
    if (late === null) return startAtEnd();
    if (!hasRecovered) return recover(late);
    const now = clock.now();
    const before = now - settleMicros;
    const asked = waiting.toAsk(now, EXCHANGES_PER_BATCH);
    late.asks(before);
    const page = await pageOf({ after: late.cursor, before, again: asked });
    late.answered(page.cursor);
    if (page.end < late.end) return startAnew(late, page.end);
    const batch = batchOf(page.arrivals, page.again, now);
    oldestLate = page.arrivals[0]?.detail.exchange.start ?? null;
    const spans: ReadableSpan[] = [];
    let exchanges = 0;
    for (const arrival of batch.exchanges) {
      const made = await spansOf(arrival);
      if (made.length > 0) exchanges += 1;
      spans.push(...made);
    }
    const result = spans.length === 0 ? ({ kind: 'sent' } as const) : await sender.send(spans);
    if (isAbandoned) return POLL_MILLIS;
    if (result.kind === 'later') {
      counts.retries += 1;
      if (failures === 0)
        log.warn({ reason: result.reason }, 'the OTLP receiver takes no spans: they wait in the store');
      return later();
    }
    if (result.kind === 'refused') {
      counts.failed += exchanges;
      log.warn({ reason: result.reason, exchanges }, 'the OTLP receiver refused spans');
    } else {
      if (failures > 0) log.info({}, 'the OTLP receiver takes spans again');
      counts.sent += exchanges;
      counts.spans += spans.length;
    }
    failures = 0;
    for (const { detail } of batch.exchanges) halves.sent(detail);
    for (const { id, dueAt } of batch.waits) wait(id, dueAt);
    counts.dropped += batch.stale;
    const found = new Set([...page.again.map(({ detail }) => detail.exchange.id), ...page.unattributed]);
    const isAsked = new Set(asked);
    for (const id of page.unattributed) if (!isAsked.has(id)) wait(id, null);
    // Merged into another one, or expired.
    const gone = asked.filter((id) => !found.has(id));
    for (const id of [...batch.done, ...gone]) {
      waiting.remove(id);
      isChanged = true;
    }
    if (!page.more) oldestLate = null;
    const passedBefore = late.cursor;
    for (const id of late.passed(page.cursor, page.end)) wait(id, now + settleMicros);
    if (isChanged || late.cursor !== passedBefore) keepState(late);
    const isMoreDue = asked.length >= EXCHANGES_PER_BATCH && batch.done.length > 0;
    return page.more || isMoreDue ? 0 : POLL_MILLIS;
  }

  const pageOf = (query: Pick<ArrivalsQuery, 'after' | 'before'> & Partial<ArrivalsQuery>) =>
    store.arrivals({ storedAfter: null, again: [], limit: EXCHANGES_PER_BATCH, ...query });

  /** Spans go out of what is stored from now on. */
  async function startAtEnd(end?: number): Promise<number> {
    const cursor = { time: clock.now(), seq: 0 };
    late = createLateArrivals(store.placeOf, { cursor, end: end ?? (await pageOf({ after: cursor, before: 0 })).end });
    keepState(late);
    return POLL_MILLIS;
  }

  function startAnew({ end }: LateArrivals, found: number): Promise<number> {
    log.warn({ end, found }, 'the database is another one than spans were sent of: they go out from now on');
    for (const id of waiting.ids()) waiting.remove(id);
    hasRecovered = true;
    return startAtEnd(found);
  }

  /** What was stored at passed places and is not in the state: told after it was written, or not attributed then. */
  async function recover(from: LateArrivals): Promise<number> {
    let after: ExchangePlace = { time: from.cursor.time - RECOVERED_MICROS, seq: 0 };
    for (;;) {
      const page = await pageOf({ after, before: from.cursor.time + 1, storedAfter: from.end });
      if (page.end < from.end) return startAnew(from, page.end);
      const ids = [...page.arrivals.map(({ detail }) => detail.exchange.id), ...page.unattributed];
      for (const id of ids) if (from.found(id)) wait(id, null);
      after = page.cursor;
      if (!page.more || closed) break;
    }
    hasRecovered = !closed;
    return 0;
  }

  function keepState({ cursor, end }: LateArrivals): void {
    isChanged = false;
    // What is looked at for its late half is not: after a restart it is unknown which half went out.
    const ids = waiting.ids().filter((id) => !halves.wasOneSided(id));
    stateFile.write({ salt, passed: { cursor, end }, waiting: ids });
  }

  function batchOf(arrivals: readonly Arrival[], again: readonly Arrival[], now: number) {
    const exchanges: Arrival[] = [];
    const waits: { id: string; dueAt: number | null }[] = [];
    const done: string[] = [];
    let stale = 0;
    for (const arrival of again) {
      if (!waiting.isDue(arrival, now)) continue;
      if (arrival.detail.exchange.outcome !== 'attempt') exchanges.push(arrival);
      done.push(arrival.detail.exchange.id);
    }
    for (const arrival of arrivals) {
      const { arrivedAt } = arrival;
      const { exchange } = arrival.detail;
      const endedAt = exchange.start + (exchange.durationMicros ?? 0);
      // A round before a message's last is told with that one.
      if (exchange.outcome === 'attempt') continue;
      if (exchange.start < now - STALE_MICROS) stale += 1;
      else if (!hasEnded(exchange)) waits.push({ id: exchange.id, dueAt: null });
      else if (endedAt > now - settleMicros && endedAt < now)
        waits.push({ id: exchange.id, dueAt: endedAt + settleMicros });
      else if (exchange.halves !== 'both' && arrivedAt !== null && arrivedAt > now - settleMicros)
        waits.push({ id: exchange.id, dueAt: arrivedAt + settleMicros });
      else exchanges.push(arrival);
    }
    return { exchanges, waits, done, stale };
  }

  async function spansOf(arrival: Arrival): Promise<readonly ReadableSpan[]> {
    const { source, target } = arrival.detail.exchange;
    const resources = { client: await resourceOf(source), server: await resourceOf(target) };
    return exchangeSpans(arrival, halves.unsent(arrival.detail), { ids, resources });
  }

  function later(): number {
    const backoff = Math.min(BACKOFF_MILLIS.most, BACKOFF_MILLIS.first * 2 ** failures);
    failures = Math.min(failures + 1, 16);
    return backoff * (0.75 + random() / 2);
  }

  return {
    counts: () => ({
      ...counts,
      waiting: waiting.size,
      lagMicros: oldestLate === null ? 0 : Math.max(0, clock.now() - oldestLate),
    }),
    async close() {
      closed = true;
      cancel();
      unsubscribe();
      let stop = () => {};
      const enough = new Promise<void>((resolve) => {
        stop = clock.after(CLOSE_MILLIS, () => {
          isAbandoned = true;
          resolve();
        });
      });
      await Promise.race([inHand, enough]);
      stop();
      void sender.close();
    },
  };
}
