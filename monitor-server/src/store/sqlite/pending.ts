import type { Attribution } from './attribution.ts';
import type { ClockPairs } from './clock-pairs.ts';
import type { Connections } from './connections.ts';
import type { Exchanges } from './exchanges.ts';
import { isLate } from './facts.ts';
import { type Evidence, type ExchangeRecord, firstHalf, type Half } from './half.ts';
import type { HashTrust } from './hash-trust.ts';
import type { HashWishes } from './hash-wishes.ts';
import type { JoinIndex } from './join-index.ts';
import { createLateJoins, hasSharedEvidence, onlyHalf } from './late-joins.ts';
import { createOrphans } from './orphans.ts';
import { createWaitingExchanges } from './waiting-exchanges.ts';

/**
 * What is not finished: exchanges that wait for their other half or their parent before they are shown, those in flight,
 * and those shown one-sided that a late half may still join.
 */
export interface Pending {
  /** Attributes the exchange if all is known (or nothing more will come), else keeps it waiting. */
  look(exchange: ExchangeRecord): void;
  /** A half without its other half has come or changed: what it tells may join it when it has waited for rivals. */
  hope(exchange: ExchangeRecord, receivedAt: number): void;
  /** The exchange has both halves now: takes what their times tell of the two clocks, and places it by them. */
  placed(exchange: ExchangeRecord): void;
  /** Looks for the call that this process was serving; the exchange waits if it is not stored yet. */
  findParent(exchange: ExchangeRecord, half: Half, parentNo: number): void;
  /** The served call has come: calls that named it as their parent find it. */
  adopt(exchange: ExchangeRecord, server: Half): void;
  /** Two exchanges turn out to be the two halves of one. The older id survives. */
  join(a: ExchangeRecord, b: ExchangeRecord, evidence: Evidence): void;
  settle(now: number, waitMicros: number, silentMicros: number, isSetForward?: boolean): void;
  /** Takes a record in that was loaded from the database. */
  resume(exchange: ExchangeRecord): void;
  forget(exchange: ExchangeRecord): void;
  /** Whether nothing in memory needs it any more. */
  isSettled(exchange: ExchangeRecord): boolean;
  readonly waiting: number;
  /** Attributed or let go before their time, because a bound was reached. */
  readonly evicted: number;
}

interface PendingParts {
  readonly exchanges: Exchanges;
  readonly joins: JoinIndex;
  readonly connections: Connections;
  readonly attribution: Attribution;
  readonly clocks: ClockPairs;
  /** Told of each half that is taken in, and again when it has changed. */
  readonly saw: (half: Half) => void;
  readonly wishes: HashWishes;
  readonly trust: HashTrust;
  /** When this writer began, by our clock: nobody could report before. */
  readonly startedAt: number;
  readonly bounds?: PendingBounds;
}

export interface PendingBounds {
  readonly waiting: number;
  readonly inFlight: number;
  readonly joinable: number;
}

const BOUNDS: PendingBounds = { waiting: 100_000, inFlight: 100_000, joinable: 200_000 };
/** How long a half that is already shown one-sided may still be joined. */
export const JOINABLE_MICROS = 60_000_000;
/** How many times longer a half waits when its other half, or its parent, is bound to come. */
const PATIENCE = 10;
/** A clock that goes back by less only makes a half wait by so much longer. */
const SET_BACK_MICROS = 1_000_000;
/** A parent that has not come for so long was dropped on the way. */
const ORPHAN_MICROS = 600_000_000;
/** What waits for minutes need not be looked at many times a second. */
const GIVE_UP_EVERY_MICROS = 1_000_000;

export function createPending(parts: PendingParts): Pending {
  const { exchanges, joins, connections, attribution, clocks, saw, trust, wishes, startedAt, bounds = BOUNDS } = parts;
  const waiting = createWaitingExchanges();
  const inFlight = new Map<number, ExchangeRecord>();
  const orphans = createOrphans();
  let evicted = 0;
  /** Not settled yet: what was read back may be of a time when the clock was ahead. */
  let settledAt = Number.POSITIVE_INFINITY;
  let gaveUpAt = Number.NEGATIVE_INFINITY;
  /** Nobody could be heard before. */
  let heardFrom = startedAt;

  const attribute = (exchange: ExchangeRecord, force: { otherHalf: boolean; parent: boolean }): boolean => {
    const link = attribution.linkOf(exchange, force);
    if (link === null) return false;
    waiting.delete(exchange);
    if (exchange.link !== link) {
      exchange.link = link;
      exchanges.changed(exchange);
    }
    const half = onlyHalf(exchange);
    if (half !== null) {
      connections.oneSided(half);
      if (wantsOtherHalf(half)) wishes.alone(half, exchange.receivedAt);
    }
    return true;
  };

  /** A call that was answered, and no reporter stands at the other end of its connection. */
  const wantsOtherHalf = (half: Half): boolean => {
    if (half.outcome === null || half.status === 0 || connections.otherEndReports(half)) return false;
    return half.role === 'server' || half.connection === null || !attribution.resolves(half);
  };

  const comesAlone = (exchange: ExchangeRecord): boolean => {
    const half = onlyHalf(exchange);
    if (half === null) return false;
    // Refused: there is no connection, so nobody has seen the other half.
    if (half.outcome === 'refused') return true;
    return connections.otherEndIsSilent(half) && !hasSharedEvidence(half);
  };

  const look = (exchange: ExchangeRecord): void => {
    if (isInFlight(exchange)) inFlight.set(exchange.id, exchange);
    else inFlight.delete(exchange.id);
    if (exchange.link !== null) return;
    if (attribute(exchange, { otherHalf: comesAlone(exchange), parent: false })) return;
    waiting.add(exchange);
  };

  const isPatient = (exchange: ExchangeRecord): boolean => {
    if (exchange.orphan) return true;
    if (exchange.client === null) return exchange.server !== null && connections.otherEndReports(exchange.server);
    if (exchange.server !== null) return false;
    return connections.otherEndReports(exchange.client) || attribution.resolves(exchange.client);
  };

  const join = (a: ExchangeRecord, b: ExchangeRecord, evidence: Evidence): void => {
    const [survivor, other] = a.id < b.id ? [a, b] : [b, a];
    for (const exchange of [a, b]) {
      joins.remove(exchange);
      waiting.delete(exchange);
      inFlight.delete(exchange.id);
      removeOrphan(exchange);
      late.forget(exchange);
    }
    survivor.orphan = survivor.orphan || other.orphan;
    exchanges.merge(survivor, other);
    survivor.evidence = evidence;
    survivor.ambiguous = false;
    placed(survivor);
    const wasShown = survivor.link !== null || other.link !== null;
    const client = survivor.client;
    if (survivor.orphan && client?.parentNo != null) addOrphan(survivor, client, client.parentNo);
    if (wasShown) attribute(survivor, { otherHalf: true, parent: true });
    look(survivor);
  };

  const addOrphan = (exchange: ExchangeRecord, half: Half, parentNo: number): void => {
    exchange.orphan = true;
    orphans.add(half.process.number, parentNo, exchange);
  };
  const removeOrphan = (exchange: ExchangeRecord): void => {
    const { client } = exchange;
    if (client !== null && client.parentNo !== null) orphans.remove(client.process.number, client.parentNo, exchange);
  };
  const found = (exchange: ExchangeRecord, parent: ExchangeRecord): void => {
    exchange.orphan = false;
    waiting.changed(exchange);
    // Looked up now: when the exchange is attributed, its parent may have left the memory.
    exchange.parentEndpoint = parent.server === null ? null : attribution.servedAt(parent.server);
    if (parent.server !== null && parent.id !== exchange.id) exchanges.setParent(exchange, parent.server);
    exchanges.changed(exchange);
    if (exchange.link !== null) attribute(exchange, { otherHalf: true, parent: true });
  };

  const placed = (exchange: ExchangeRecord): void => {
    const { client, server } = exchange;
    if (client === null || server === null) return;
    late.forget(exchange);
    trust.joined(client, server);
    clocks.learn(client, server);
    exchange.clock = clocks.between(client, server);
    exchanges.changed(exchange);
  };
  const late = createLateJoins({ exchanges, joins, trust, wishes, join });

  return {
    look,
    placed,
    hope: late.hope,
    findParent(exchange, half, parentNo) {
      const parent = exchanges.ofRecord(half.process, parentNo);
      const { server } = parent ?? {};
      const isServing = server?.process.number === half.process.number && server.exchangeNo === parentNo;
      if (parent !== null && isServing) found(exchange, parent);
      else addOrphan(exchange, half, parentNo);
    },
    adopt(exchange, server) {
      for (const child of orphans.take(server.process.number, server.exchangeNo)) {
        found(child, exchange);
        look(child);
      }
    },
    join,
    settle(now, waitMicros, silentMicros, isSetForward = false) {
      if (now < settledAt - SET_BACK_MICROS) waitFrom(now);
      if (isSetForward) waitAnew(now);
      settledAt = now;
      late.settle(now, waitMicros);
      for (const exchange of waiting.due(now, waitMicros, PATIENCE * waitMicros)) {
        const isPatience = now - exchange.receivedAt < PATIENCE * waitMicros && isPatient(exchange);
        if (late.has(exchange)) waiting.changed(exchange);
        else if (!isPatience) attribute(exchange, { otherHalf: true, parent: true });
      }
      for (const exchange of inFlight.values()) {
        // The half that is still open; the client's where both are, because it decides.
        const process = (exchange.client?.outcome === null ? exchange.client : exchange.server)?.process;
        if (process === undefined) continue;
        const lastHeard = Math.max(process.lastReportAt, heardFrom);
        if (!process.closing && lastHeard > now - silentMicros) continue;
        exchange.lost = true;
        inFlight.delete(exchange.id);
        exchanges.changed(exchange);
      }
      if (Math.abs(now - gaveUpAt) >= GIVE_UP_EVERY_MICROS) {
        gaveUpAt = now;
        giveJoinsUp(now);
        giveOrphansUp(now);
      }
      evict();
    },
    resume(exchange) {
      if (exchange.link === null) waiting.add(exchange);
      if (isInFlight(exchange)) inFlight.set(exchange.id, exchange);
      if (onlyHalf(exchange) !== null) {
        joins.add(exchange);
        late.hope(exchange, exchange.receivedAt);
      }
      const { client } = exchange;
      for (const half of [client, exchange.server]) if (half !== null) saw(half);
      if (exchange.ambiguous) joins.dispute(firstHalf(exchange));
      if (exchange.orphan && client?.parentNo != null) addOrphan(exchange, client, client.parentNo);
    },
    forget(exchange) {
      waiting.delete(exchange);
      inFlight.delete(exchange.id);
      joins.remove(exchange);
      late.forget(exchange);
      removeOrphan(exchange);
    },
    isSettled,
    get waiting() {
      return waiting.size;
    },
    get evicted() {
      return evicted;
    },
  };

  /** The clock was set back: what waits would wait until it is again as late as when it came. */
  function waitFrom(now: number): void {
    for (const exchange of unfinished()) if (exchange.receivedAt > now) exchange.receivedAt = now;
    waiting.waitFrom(now);
    late.waitFrom(now);
  }

  /** The clock was set forward: nothing has waited for so long, and nobody has been silent. */
  function waitAnew(now: number): void {
    for (const exchange of unfinished()) exchange.receivedAt = now;
    waiting.waitFrom(now);
    late.waitAnew(now);
    heardFrom = now;
  }

  function unfinished(): readonly ExchangeRecord[] {
    return [...waiting.all(), ...joins.all(), ...orphans.all()];
  }

  function giveJoinsUp(now: number): void {
    for (const exchange of joins.all()) {
      if (exchange.receivedAt > now - JOINABLE_MICROS) break;
      if (exchange.link === null || isInFlight(exchange)) continue;
      joins.remove(exchange);
      if (isLate(exchange)) exchanges.changed(exchange);
      if (isSettled(exchange)) exchanges.release(exchange);
    }
  }

  function giveOrphansUp(now: number): void {
    for (const exchange of orphans.all()) {
      if (exchange.receivedAt > now - ORPHAN_MICROS) continue;
      removeOrphan(exchange);
      exchange.orphan = false;
      exchanges.changed(exchange);
    }
  }

  function isSettled(exchange: ExchangeRecord): boolean {
    return !exchange.orphan && exchange.link !== null && !inFlight.has(exchange.id) && !joins.has(exchange);
  }

  /** The oldest go first. What waits is shown at once; what is in flight or joinable is only found on disk from then on. */
  function evict(): void {
    if (waiting.size > bounds.waiting) evictWaiting();
    if (inFlight.size > bounds.inFlight) evictInFlight();
    evicted += late.evict(bounds.waiting);
    if (joins.size > bounds.joinable) evictJoinable();
  }

  function evictWaiting(): void {
    for (const exchange of waiting.all()) {
      if (waiting.size <= bounds.waiting) break;
      attribute(exchange, { otherHalf: true, parent: true });
      waiting.delete(exchange);
      evicted++;
    }
  }

  function evictInFlight(): void {
    for (const exchange of inFlight.values()) {
      if (inFlight.size <= bounds.inFlight) break;
      inFlight.delete(exchange.id);
      if (isSettled(exchange)) exchanges.release(exchange);
      evicted++;
    }
  }

  function evictJoinable(): void {
    for (const exchange of joins.all()) {
      if (joins.size <= bounds.joinable) break;
      joins.remove(exchange);
      if (isSettled(exchange)) exchanges.release(exchange);
      evicted++;
    }
  }
}

/** One of its halves is open. */
function isInFlight({ client, server, lost }: ExchangeRecord): boolean {
  return !lost && (client?.outcome === null || server?.outcome === null);
}
