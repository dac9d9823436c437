import { outcomeCode } from '@soa-monitor/protocol';
import type { SeenExchange } from '../model/exchange.ts';
import { type FlightBatch, TIMES_PER_FLIGHT } from '../scene/messages.ts';

/** Links of endpoint level (and operations on them) by number, as flights name them: a number stays their own. */
export interface LinkNumbers {
  of(link: string): number;
  all(): ReadonlyMap<string, number>;
}

export function createLinkNumbers(): LinkNumbers {
  const numbers = new Map<string, number>();
  return {
    of(link) {
      const number = numbers.get(link) ?? numbers.size;
      numbers.set(link, number);
      return number;
    },
    all: () => numbers,
  };
}

export function flightBatch(
  exchanges: Iterable<SeenExchange>,
  numbers: LinkNumbers,
  keyOf: (exchange: SeenExchange) => string,
): FlightBatch {
  const all = [...exchanges];
  const times = new Float64Array(all.length * TIMES_PER_FLIGHT);
  for (const [index, exchange] of all.entries()) {
    const { requestSent, requestReceived, replySent, replyReceived, durationMicros } = exchange;
    const columns = [requestSent, requestReceived, replySent, replyReceived, durationMicros];
    times.set(
      columns.map((time) => time ?? Number.NaN),
      index * TIMES_PER_FLIGHT,
    );
  }
  return {
    ids: all.map((exchange) => exchange.id),
    times,
    links: Int32Array.from(all, (exchange) => numbers.of(keyOf(exchange))),
    outcomes: Int8Array.from(all, ({ outcome }) => (outcome === null ? -1 : outcomeCode(outcome))),
  };
}
