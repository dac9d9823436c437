import { hostPort, isLoopback } from './addresses.ts';
import type { Evidence, ExchangeRecord, Half } from './half.ts';

/** One-sided exchanges that another half may still join, found by what both halves must share. */
export interface JoinIndex {
  add(exchange: ExchangeRecord): void;
  remove(exchange: ExchangeRecord): void;
  has(exchange: ExchangeRecord): boolean;
  /**
   * The one exchange that this half completes. By connection and ordinal at once; by WS-Addressing or trace ids at once only
   * where one of the two knows no connection, because behind a proxy four halves share one message id.
   */
  match(half: Half): Match;
  /** The one exchange with the same ids, for a half whose connection has found nothing in the time it waited. */
  matchByIds(half: Half): Match;
  /** Oldest first. */
  all(): Iterable<ExchangeRecord>;
  readonly size: number;
}

export type Match =
  | { readonly kind: 'joined'; readonly exchange: ExchangeRecord; readonly evidence: Evidence }
  | { readonly kind: 'ambiguous'; readonly exchanges: readonly ExchangeRecord[] }
  | { readonly kind: 'none' };

export function createJoinIndex(): JoinIndex {
  const members = new Map<number, ExchangeRecord>();
  const byKey = new Map<string, Set<ExchangeRecord>>();

  const keysOf = (half: Half): string[] => {
    const keys: string[] = [];
    const connection = connectionKey(half);
    if (connection !== null) keys.push(connection);
    if (half.ids?.messageId !== undefined) keys.push(`m ${half.ids.messageId}`);
    if (half.ids?.traceparent !== undefined) keys.push(`t ${half.ids.traceparent}`);
    return keys;
  };
  /** By the half that is there: `add` and `remove` must see the same one. */
  const indexed = new Map<number, readonly string[]>();
  const remove = (exchange: ExchangeRecord): void => {
    for (const key of indexed.get(exchange.id) ?? []) {
      const set = byKey.get(key);
      set?.delete(exchange);
      if (set?.size === 0) byKey.delete(key);
    }
    indexed.delete(exchange.id);
    members.delete(exchange.id);
  };
  const others = (key: string, half: Half): { exchange: ExchangeRecord; other: Half }[] => {
    const found: { exchange: ExchangeRecord; other: Half }[] = [];
    for (const exchange of byKey.get(key) ?? []) {
      const other = half.role === 'client' ? exchange.server : exchange.client;
      if (other !== null) found.push({ exchange, other });
    }
    return found;
  };
  const byIds = (half: Half, fits: (other: Half) => boolean): Match => {
    for (const evidence of ['messageId', 'traceparent'] as const) {
      const id = half.ids?.[evidence];
      if (id === undefined) continue;
      const key = `${evidence === 'messageId' ? 'm' : 't'} ${id}`;
      const agreeing = (of: Half) =>
        others(key, of).filter(({ other }) => sameCall(of, other) && timesAgree(of, other));
      const [only, ...more] = agreeing(half).filter(({ other }) => fits(other));
      if (only === undefined || more.length > 0) continue;
      // A retransmission repeats its message id: the other half must have no second half to choose either.
      const rivals = agreeing(only.other).filter(({ other }) => other.seq !== half.seq);
      if (rivals.length === 0) return { kind: 'joined', exchange: only.exchange, evidence };
    }
    return NONE;
  };

  return {
    add(exchange) {
      const half = exchange.client ?? exchange.server;
      if (half === null) return;
      remove(exchange);
      const keys = keysOf(half);
      members.set(exchange.id, exchange);
      indexed.set(exchange.id, keys);
      for (const key of keys) {
        const set = byKey.get(key) ?? new Set<ExchangeRecord>();
        byKey.set(key, set);
        set.add(exchange);
      }
    },
    remove,
    has: (exchange) => members.has(exchange.id),
    match(half) {
      const key = connectionKey(half);
      const candidates = key === null ? [] : others(key, half).filter(({ other }) => timesAgree(half, other));
      const [only] = candidates;
      if (candidates.length > 1) return { kind: 'ambiguous', exchanges: candidates.map(({ exchange }) => exchange) };
      if (only !== undefined && !only.exchange.ambiguous)
        return { kind: 'joined', exchange: only.exchange, evidence: 'connection' };
      return byIds(half, (other) => key === null || connectionKey(other) === null);
    },
    matchByIds: (half) => byIds(half, () => true),
    all: () => members.values(),
    get size() {
      return members.size;
    },
  };
}

const NONE: Match = { kind: 'none' };

/**
 * Both ends and the ordinal. Loopback ends mean something within one network stack only, so the host id scopes them;
 * the machine's name does not (two containers may share it).
 */
function connectionKey(half: Half): string | null {
  const connection = connectionScope(half);
  return connection === null || half.ordinal === null ? null : `c ${connection} ${half.ordinal}`;
}

/** The connection without the ordinal. */
export function connectionScope({ connection, process }: Half): string | null {
  if (connection === null) return null;
  const local = isLoopback(hostPort(connection.server).host) || isLoopback(hostPort(connection.client).host);
  return `${local ? process.hostId : ''} ${connection.server} ${connection.client}`;
}

const SLACK_MICROS = 5_000;
/** Between hosts: up to 500 ms of each clock are taken for delay and not corrected (key-time.ts). */
const CLOCK_UNCERTAINTY_MICROS = 1_000_000;

/** The server's half began while the client's was under way. On one host there is one clock, and nothing to correct. */
function timesAgree(half: Half, other: Half): boolean {
  const [client, server] = half.role === 'client' ? [half, other] : [other, half];
  const oneClock = client.process.hostId === server.process.hostId;
  if (!oneClock && (client.placed || server.placed)) return true;
  const clientStart = oneClock ? client.time - client.offset : client.time;
  const serverStart = oneClock ? server.time - server.offset : server.time;
  const slack = SLACK_MICROS + (oneClock ? 0 : CLOCK_UNCERTAINTY_MICROS);
  return serverStart >= clientStart - slack && (client.end === null || serverStart <= clientStart + client.end + slack);
}

/** A half that could not read the operation (an open row, say) contradicts nothing. */
function sameCall(half: Half, other: Half): boolean {
  const a = half.call.call;
  const b = other.call.call;
  if (a.path !== b.path) return false;
  return a.operation === null || b.operation === null || a.operation.name === b.operation.name;
}
