import type { ExchangeTimes, ExchangeTuple, Outcome } from '@soa-monitor/protocol';
import { outcomeOf } from '@soa-monitor/protocol';

/** What the picture needs of one exchange, read from its tuple. */
export interface SeenExchange extends ExchangeTimes {
  readonly id: string;
  readonly version: number;
  readonly link: string;
  readonly operation: string;
  /** Null while in flight. */
  readonly outcome: Outcome | null;
  readonly durationMicros: number | null;
}

export const seenExchange = (tuple: ExchangeTuple): SeenExchange => ({
  id: tuple[0],
  version: tuple[1],
  link: tuple[2],
  operation: tuple[3],
  outcome: outcomeOf(tuple[4]),
  requestSent: tuple[5],
  requestReceived: tuple[6],
  replySent: tuple[7],
  replyReceived: tuple[8],
  durationMicros: tuple[9],
});

/** The moment an exchange belongs to: its request's start at the client, else at the server (design: window). */
export const startOf = (times: ExchangeTimes): number =>
  times.requestSent ?? times.requestReceived ?? times.replySent ?? times.replyReceived ?? 0;

/** The latest moment at which something of it is known to have happened; `Infinity` while in flight. */
export function endOf(exchange: SeenExchange): number {
  if (exchange.outcome === null) return Number.POSITIVE_INFINITY;
  const start = startOf(exchange);
  return Math.max(start + (exchange.durationMicros ?? 0), exchange.replyReceived ?? start, exchange.replySent ?? start);
}
