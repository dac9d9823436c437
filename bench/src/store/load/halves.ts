import { outcomeCode } from '@soa-monitor/protocol';
import { type BenchLink, type Estate, type Pair, SERVICE_PORT } from './estate.ts';
import type { Random } from './random.ts';
import { type MadeExchange, makeTransaction } from './transactions.ts';

/** One side's record of one exchange, before it is written into a report: the numbers that every layout is filled from. */
export interface Half {
  /** Of the load, from 0: what both sides share. */
  readonly exchange: number;
  /** 0 server, 1 client, as on the wire. */
  readonly role: 0 | 1;
  /** The service that reports it. */
  readonly service: number;
  readonly exchangeNo: number;
  readonly parentNo: number | null;
  readonly pair: Pair;
  /** Epoch µs; the others are µs after it. */
  readonly start: number;
  readonly requestLast: number;
  readonly replyFirst: number;
  readonly replyLast: number;
  readonly end: number;
  readonly outcome: number;
  readonly status: number;
  readonly connection: BenchConnection;
  readonly ordinal: number;
  readonly messageId: string | null;
}

export interface BenchConnection {
  readonly number: number;
  readonly server: string;
  readonly client: string;
}

/** Makes transactions and hands out their halves. */
export interface HalfSource {
  /** One transaction that begins then: its halves, each exchange's client side first. */
  transaction(start: number): Half[];
  /** Exchanges made so far. */
  exchanges(): number;
}

const CONNECTIONS_PER_LINK = 4;
const REQUESTS_PER_CONNECTION = 1_000;
const FIRST_PORT = 32_768;
const PORTS = 28_000;
const OK = outcomeCode('ok');
const FAULT = outcomeCode('fault');

export function createHalfSource(estate: Estate, random: Random): HalfSource {
  const exchangeNos = estate.services.map(() => 0);
  const pool = createPool(estate);
  let exchanges = 0;

  const nextNo = (service: number): number => {
    const number = exchangeNos[service] ?? 0;
    exchangeNos[service] = number + 1;
    return number;
  };

  const halvesOf = (made: MadeExchange, parentNo: number | null): readonly [Half, Half] => {
    const { pair, isFault, messageId, serverMicros, networkMicros } = made;
    const { connection, ordinal } = pool(pair.link);
    const exchange = exchanges++;
    const outcome = isFault ? FAULT : OK;
    const status = isFault ? 500 : 200;
    const { source, target } = pair.link;
    const awaited = serverMicros + 2 * networkMicros;
    // Written out: spread objects of so many fields cost ten times as much, and the load must cost little.
    const client: Half = {
      exchange,
      role: 1,
      service: source,
      exchangeNo: nextNo(source),
      parentNo,
      pair,
      start: made.clientStart,
      requestLast: 15,
      replyFirst: awaited + 30,
      replyLast: awaited + 50,
      end: awaited + 55,
      outcome,
      status,
      connection,
      ordinal,
      messageId,
    };
    const server: Half = {
      exchange,
      role: 0,
      service: target,
      exchangeNo: nextNo(target),
      parentNo: null,
      pair,
      start: made.serverStart,
      requestLast: 10,
      replyFirst: serverMicros + 10,
      replyLast: serverMicros + 20,
      end: serverMicros + 25,
      outcome,
      status,
      connection,
      ordinal,
      messageId,
    };
    return [client, server];
  };

  return {
    transaction(start) {
      const servedAs: number[] = [];
      return makeTransaction(estate, random, start).flatMap((made) => {
        const halves = halvesOf(made, made.parent === null ? null : (servedAs[made.parent] ?? null));
        servedAs.push(halves[1].exchangeNo);
        return halves;
      });
    },
    exchanges: () => exchanges,
  };
}

/** Kept connections of each link, taken in turn; each is let go after so many requests. */
function createPool({ services }: Estate): (link: BenchLink) => { connection: BenchConnection; ordinal: number } {
  const kept = new Map<number, { connection: BenchConnection; used: number }>();
  const turns = new Map<number, number>();
  const ports = new Map<number, number>();
  let opened = 0;
  return ({ number, source, target }) => {
    const turn = ((turns.get(number) ?? 0) + 1) % CONNECTIONS_PER_LINK;
    turns.set(number, turn);
    const key = number * CONNECTIONS_PER_LINK + turn;
    let entry = kept.get(key);
    if (entry === undefined || entry.used >= REQUESTS_PER_CONNECTION) {
      const port = ((ports.get(source) ?? 0) + 1) % PORTS;
      ports.set(source, port);
      const client = `${services[source]?.address}:${FIRST_PORT + port}`;
      const server = `${services[target]?.address}:${SERVICE_PORT}`;
      entry = { connection: { number: opened++, server, client }, used: 0 };
      kept.set(key, entry);
    }
    return { connection: entry.connection, ordinal: entry.used++ };
  };
}
