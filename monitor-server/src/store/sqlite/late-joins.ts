import { hashKey, idKeys } from './evidence-uses.ts';
import type { Exchanges } from './exchanges.ts';
import type { Evidence, ExchangeRecord, Half } from './half.ts';
import type { HashTrust } from './hash-trust.ts';
import type { HashWishes } from './hash-wishes.ts';
import type { JoinIndex } from './join-index.ts';

/**
 * One-sided exchanges that evidence may join which others could share. It proves something only when nobody else has come
 * with the same, so they wait for rivals first.
 */
export interface LateJoins {
  /** A half without its other half has come or changed: it waits from now on. */
  hope(exchange: ExchangeRecord, receivedAt: number): void;
  has(exchange: ExchangeRecord): boolean;
  forget(exchange: ExchangeRecord): void;
  /** Joins what has waited and fits; what nothing fits has hoped in vain, and what does not tell is marked. */
  settle(now: number, waitMicros: number): void;
  /** The clock was set back to this time: nothing waits since a later one. */
  waitFrom(now: number): void;
  /** The clock was set forward to this time: nothing waits since an earlier one. */
  waitAnew(now: number): void;
  /** Lets the oldest go beyond the bound; gives how many. */
  evict(max: number): number;
}

interface LateJoinsParts {
  readonly exchanges: Exchanges;
  readonly joins: JoinIndex;
  readonly trust: HashTrust;
  readonly wishes: HashWishes;
  readonly join: (a: ExchangeRecord, b: ExchangeRecord, evidence: Evidence) => void;
}

export function createLateJoins({ exchanges, joins, trust, wishes, join }: LateJoinsParts): LateJoins {
  /** Since when they wait; in that order. */
  const hopeful = new Map<number, { readonly exchange: ExchangeRecord; readonly since: number }>();

  /** Whether it has to wait longer: for the one that it fits, which has not waited itself. */
  const tryToJoin = (exchange: ExchangeRecord, half: Half, now: number, waitMicros: number): boolean => {
    const hasWaited = (other: ExchangeRecord): boolean => (hopeful.get(other.id)?.since ?? 0) <= now - waitMicros;
    const match = joins.matchLate(half, hasWaited);
    switch (match.kind) {
      case 'later':
        return true;
      case 'ambiguous':
        markAmbiguous([exchange, ...match.exchanges]);
        return false;
      case 'none':
        trust.alone(half);
        return false;
      case 'joined': {
        const other = match.exchange.client ?? match.exchange.server;
        join(exchange, match.exchange, match.evidence);
        if (match.evidence !== 'bodyHash' || other === null) return false;
        if (half.role === 'client') wishes.joined(half, other, now);
        else wishes.joined(other, half, now);
        return false;
      }
    }
  };
  const markAmbiguous = (among: readonly ExchangeRecord[]): void => {
    if (among.length < 2) return;
    for (const exchange of among) {
      if (exchange.ambiguous) continue;
      exchange.ambiguous = true;
      exchanges.changed(exchange);
    }
  };

  const forget = (exchange: ExchangeRecord): void => {
    if (!exchange.isHopeful) return;
    exchange.isHopeful = false;
    hopeful.delete(exchange.id);
  };

  return {
    hope(exchange, receivedAt) {
      forget(exchange);
      const half = onlyHalf(exchange);
      if (half === null || half.outcome === 'refused') return;
      // Of two ends of a connection the second one finds the first, so the first need not look for it.
      if (!hasSharedEvidence(half) && !joins.hasCompany(exchange)) return;
      exchange.isHopeful = true;
      hopeful.set(exchange.id, { exchange, since: receivedAt });
    },
    has: (exchange) => exchange.isHopeful,
    forget,
    settle(now, waitMicros) {
      for (const { exchange, since } of hopeful.values()) {
        if (since > now - waitMicros) break;
        const half = joins.has(exchange) ? onlyHalf(exchange) : null;
        if (half === null || !tryToJoin(exchange, half, now, waitMicros)) forget(exchange);
      }
    },
    waitFrom(now) {
      for (const [id, { exchange, since }] of hopeful) if (since > now) hopeful.set(id, { exchange, since: now });
    },
    waitAnew(now) {
      for (const [id, { exchange }] of hopeful) hopeful.set(id, { exchange, since: now });
    },
    evict(max) {
      let evicted = 0;
      for (const { exchange } of hopeful.values()) {
        if (hopeful.size <= max) break;
        forget(exchange);
        evicted++;
      }
      return evicted;
    },
  };
}

/** What may join it past its connection. */
export const hasSharedEvidence = (half: Half): boolean => idKeys(half).length > 0 || hashKey(half) !== null;

/** The half of a one-sided exchange. */
export const onlyHalf = ({ client, server }: ExchangeRecord): Half | null =>
  client === null || server === null ? (client ?? server) : null;
