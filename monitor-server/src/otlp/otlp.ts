import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '../clock.ts';
import { createParties } from '../export/parties.ts';
import type { Log } from '../log.ts';
import type { Arrival, Store } from '../store/store.ts';
import { exchangeSpans } from './exchange-spans.ts';
import { createHalfMemory } from './half-memory.ts';
import type { OtlpStateFile } from './otlp-state.ts';
import type { SpanSender } from './send-spans.ts';
import { createSpanIds } from './trace-context.ts';
import { createWaitingExchanges, hasEnded } from './waiting-exchanges.ts';

/** Sends each exchange once it has ended and settled, as spans. The store is the queue: nothing piles up in memory. */
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
  /** Not sent: a day old when their turn came, or too many in flight. */
  readonly dropped: number;
  /** Times that a batch had to be kept for later. */
  readonly retries: number;
  /** Looked at again: in flight, or just ended. */
  readonly waiting: number;
  /** How long ago the oldest one arrived that should have gone out; 0: none is late. */
  readonly lagMicros: number;
}

interface Parts {
  readonly store: Pick<Store, 'arrivals' | 'node' | 'subscribe'>;
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

export function createOtlp(parts: Parts, settings: { readonly settleMillis: number }): Otlp {
  const { store, clock, random, log, sender, stateFile } = parts;
  const settleMicros = settings.settleMillis * 1_000;
  const kept = stateFile.read();
  const salt = kept?.salt ?? parts.randomText();
  const ids = createSpanIds(salt);
  const waiting = createWaitingExchanges(settleMicros);
  for (const id of kept?.waiting ?? []) waiting.add(id, null);
  const halves = createHalfMemory();
  const resourceOf = createResources(store);
  let after = kept?.after ?? null;
  const counts = { sent: 0, spans: 0, failed: 0, dropped: 0, retries: 0 };
  let oldestLate: number | null = null;
  let failures = 0;
  let closed = false;
  let isAbandoned = false;
  let inHand: Promise<void> = Promise.resolve();
  let cancel = clock.after(0, begin);

  const unsubscribe = store.subscribe(({ feed }) => {
    for (const [id, , , , , requestSent, requestReceived] of feed.exchanges) {
      // The other half came after all. There is no promise about it when too many wait.
      if (requestSent !== null && requestReceived !== null && halves.wasOneSided(id))
        waiting.add(id, clock.now() + settleMicros);
    }
  });

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
    const now = clock.now();
    const asked = waiting.toAsk(now, EXCHANGES_PER_BATCH);
    const arrivedBefore = now - settleMicros;
    const page = await store.arrivals({ after, arrivedBefore, again: asked, limit: EXCHANGES_PER_BATCH });
    if (after !== null && Number(page.end) < Number(after)) {
      log.warn(
        { after, end: page.end },
        'the database is another one than spans were sent of: they go out from now on',
      );
      return keepState(page.end, []);
    }
    const batch = batchOf(page.arrivals, page.again, now);
    oldestLate = page.arrivals[0]?.arrivedAt ?? null;
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
    for (const { id, dueAt } of batch.wait) if (!waiting.add(id, dueAt)) counts.dropped += 1;
    counts.dropped += batch.stale;
    const found = new Set(page.again.map(({ detail }) => detail.exchange.id));
    // Merged into another one, or expired.
    const gone = asked.filter((id) => !found.has(id));
    const isFull = page.arrivals.length >= EXCHANGES_PER_BATCH;
    if (!isFull) oldestLate = null;
    keepState(page.cursor, [...batch.done, ...gone]);
    return isFull ? 0 : POLL_MILLIS;
  }

  function keepState(cursor: string, done: readonly string[]): number {
    for (const id of done) waiting.remove(id);
    if (cursor === after && done.length === 0) return POLL_MILLIS;
    after = cursor;
    // What is looked at for its late half is not: after a restart it is unknown which half went out.
    stateFile.write({ salt, after, waiting: waiting.ids().filter((id) => !halves.wasOneSided(id)) });
    return POLL_MILLIS;
  }

  function batchOf(arrivals: readonly Arrival[], again: readonly Arrival[], now: number) {
    const exchanges: Arrival[] = [];
    const wait: { id: string; dueAt: number | null }[] = [];
    const done: string[] = [];
    let stale = 0;
    for (const arrival of again) {
      if (!waiting.isDue(arrival, now)) continue;
      exchanges.push(arrival);
      done.push(arrival.detail.exchange.id);
    }
    for (const arrival of arrivals) {
      const { exchange } = arrival.detail;
      const endedAt = exchange.start + (exchange.durationMicros ?? 0);
      // A round before a message's last is told with that one.
      if (exchange.outcome === 'attempt') continue;
      if (arrival.arrivedAt < now - STALE_MICROS) stale += 1;
      else if (!hasEnded(exchange)) wait.push({ id: exchange.id, dueAt: null });
      else if (endedAt > now - settleMicros && endedAt < now)
        wait.push({ id: exchange.id, dueAt: endedAt + settleMicros });
      else exchanges.push(arrival);
    }
    return { exchanges, wait, done, stale };
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

const RESOURCES_MAX = 10_000;

/** One object for a process, since spans are sent by it. */
function createResources(store: Pick<Store, 'node'>) {
  const parties = createParties(store);
  const made = new Map<string, ReturnType<typeof resourceFromAttributes>>();
  return async (node: string) => {
    const party = await parties.of(node);
    const key = JSON.stringify([party.machine, party.name]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const machine = party.machine === null ? {} : { 'host.name': party.machine };
    const resource = resourceFromAttributes({ 'service.name': party.name, ...machine });
    if (made.size >= RESOURCES_MAX) made.clear();
    made.set(key, resource);
    return resource;
  };
}
