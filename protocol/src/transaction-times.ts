import type { ExchangeTimes, SideTimes } from './exchange-times.ts';
import type { ExchangeParts } from './query-transaction.ts';

/** An exchange of a transaction, as the fold of its time takes it. */
export interface TimedExchange extends ExchangeTimes {
  readonly id: string;
  readonly parent: string | null;
  readonly durationMicros: number | null;
  /** Each in the clock of its own process: the calls that a service made are in the clock of its server's half. */
  readonly client: SideTimes | null;
  readonly server: SideTimes | null;
}

/**
 * Where the time of a transaction went. The time at a service is its own, or waiting for the calls it made: those that ran at
 * once count once, and what of them lies outside (a call that outlived the reply) does not count. The network's time is
 * that between the four times. On the critical path are, from the end backwards, the call that ended last before the
 * reply, the one that ended last before that one began, and so on into each of them.
 */
export function transactionParts(exchanges: readonly TimedExchange[]): readonly ExchangeParts[] {
  const children = new Map<string, TimedExchange[]>();
  const ids = new Set(exchanges.map(({ id }) => id));
  const roots: TimedExchange[] = [];
  for (const exchange of exchanges) {
    if (exchange.parent === null || !ids.has(exchange.parent)) roots.push(exchange);
    else children.set(exchange.parent, [...(children.get(exchange.parent) ?? []), exchange]);
  }
  const calls = (id: string): readonly TimedExchange[] => children.get(id) ?? [];
  const critical = new Set<string>();
  const left = roots.slice(0, 1);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    critical.add(next.id);
    for (const call of criticalCalls(next, calls(next.id))) if (!critical.has(call.id)) left.push(call);
  }
  return exchanges.map((exchange) => {
    const service = serviceSpan(exchange);
    const waiting = service === null ? null : coveredMicros(service, calls(exchange.id).flatMap(callSpan));
    const serviceMicros = service === null ? null : service.to - service.from;
    return {
      exchange: exchange.id,
      serviceMicros,
      ownMicros: serviceMicros === null || waiting === null ? null : serviceMicros - waiting,
      waitingMicros: waiting,
      networkOutMicros: distance(exchange.requestSent, exchange.requestReceived),
      networkBackMicros: distance(exchange.replySent, exchange.replyReceived),
      isCritical: critical.has(exchange.id),
    };
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function serviceSpan({ server }: TimedExchange): Span | null {
  if (server === null || server.replyFirst === null) return null;
  const from = server.start + (server.requestLast ?? 0);
  return { from, to: Math.max(from, server.start + server.replyFirst) };
}

/** How long the caller waited; a call that has not ended is still waited for, but nobody knows how long. */
function callSpan({ client, durationMicros }: TimedExchange): readonly Span[] {
  const end = client === null ? null : (client.replyLast ?? client.replyFirst ?? durationMicros);
  return client === null || end === null ? [] : [{ from: client.start, to: client.start + end }];
}

/** What of the span at least one of the others covers. */
function coveredMicros({ from, to }: Span, others: readonly Span[]): number {
  let covered = 0;
  let reached = from;
  for (const other of [...others].sort((a, b) => a.from - b.from)) {
    const begin = Math.max(reached, other.from);
    const end = Math.min(to, other.to);
    if (end <= begin) continue;
    covered += end - begin;
    reached = end;
  }
  return covered;
}

function criticalCalls(exchange: TimedExchange, calls: readonly TimedExchange[]): readonly TimedExchange[] {
  const service = serviceSpan(exchange);
  if (service === null) return [];
  const spans = calls.flatMap((call) => callSpan(call).map((span) => ({ call, ...span })));
  const found: TimedExchange[] = [];
  let before = service.to;
  for (const { call, from, to } of spans.sort((a, b) => b.to - a.to)) {
    if (to > before || from < service.from) continue;
    found.push(call);
    before = from;
  }
  return found;
}

const distance = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from);
