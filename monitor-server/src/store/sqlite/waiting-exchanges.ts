import type { ExchangeRecord } from './half.ts';

/**
 * Exchanges that wait to be attributed. A settling runs many times a second and tens of thousands may wait: it looks at those
 * only of which something may have changed, that have just waited long enough, or that were not looked at for a while.
 */
export interface WaitingExchanges {
  add(exchange: ExchangeRecord): void;
  delete(exchange: ExchangeRecord): void;
  /** The next settling looks at it, if it waits. */
  changed(exchange: ExchangeRecord): void;
  /**
   * Those to look at now; who is not deleted meanwhile goes on waiting. One that has waited for less than `waitMicros` is not
   * given, nor, before it has waited for `patienceMicros`, one that was looked at shortly before and has not changed.
   */
  due(now: number, waitMicros: number, patienceMicros: number): Iterable<ExchangeRecord>;
  /** The clock was set back to this time. */
  waitFrom(now: number): void;
  /** Those that have waited longest first, about. */
  all(): Iterable<ExchangeRecord>;
  readonly size: number;
}

/** One that is patient is looked at so often before its patience is over: what it trusts in may have been forgotten. */
const LOOKS = 3;

export function createWaitingExchanges(): WaitingExchanges {
  /** In the order of their coming. */
  const fresh = new Map<number, ExchangeRecord>();
  /** Looked at before, by when they are to be looked at again. */
  const patient = new Map<number, { readonly exchange: ExchangeRecord; readonly lookAt: number }>();
  /** To be looked at whatever their place. */
  const soon = new Map<number, ExchangeRecord>();
  let latest = Number.NEGATIVE_INFINITY;

  const toSoon = (exchange: ExchangeRecord): void => {
    patient.delete(exchange.id);
    exchange.waits = 'soon';
    soon.set(exchange.id, exchange);
  };
  function* all(): Iterable<ExchangeRecord> {
    yield* soon.values();
    for (const { exchange } of patient.values()) yield exchange;
    yield* fresh.values();
  }

  return {
    add(exchange) {
      if (isKnown(exchange)) return;
      const isInOrder = exchange.receivedAt >= latest;
      if (isInOrder) latest = exchange.receivedAt;
      exchange.waits = isInOrder ? 'fresh' : 'soon';
      (isInOrder ? fresh : soon).set(exchange.id, exchange);
    },
    delete(exchange) {
      if (!isKnown(exchange)) return;
      const among = exchange.waits === 'fresh' ? fresh : exchange.waits === 'patient' ? patient : soon;
      among.delete(exchange.id);
      exchange.waits = 'no';
    },
    changed(exchange) {
      if (exchange.waits === 'patient') toSoon(exchange);
    },
    *due(now, waitMicros, patienceMicros) {
      const again: ExchangeRecord[] = [];
      for (const exchange of soon.values()) if (exchange.receivedAt <= now - waitMicros) again.push(exchange);
      for (const { exchange, lookAt } of patient.values()) {
        if (lookAt > now) break;
        again.push(exchange);
      }
      for (const exchange of fresh.values()) {
        if (exchange.receivedAt > now - waitMicros) break;
        again.push(exchange);
      }
      for (const exchange of again) {
        if (!isKnown(exchange)) continue;
        this.delete(exchange);
        exchange.waits = 'patient';
        patient.set(exchange.id, { exchange, lookAt: now + (patienceMicros - waitMicros) / LOOKS });
        yield exchange;
      }
    },
    waitFrom(now) {
      latest = now;
      for (const exchange of all()) if (exchange.receivedAt > now) exchange.receivedAt = now;
      for (const { exchange } of [...patient.values()]) toSoon(exchange);
    },
    all,
    get size() {
      return fresh.size + patient.size + soon.size;
    },
  };
}

const isKnown = ({ waits }: ExchangeRecord): boolean => waits !== 'no';
