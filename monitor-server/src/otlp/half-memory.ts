import type { ExchangeDetail } from '@soa-monitor/protocol';
import { type Side, sidesSeen } from './exchange-spans.ts';

/**
 * Which halves went out alone, so that the other one can follow when it comes late, and neither goes out twice when the two
 * join. Bounded: the one that went out longest ago is forgotten, and what joins it then is not followed up.
 */
export interface HalfMemory {
  /** The sides of the exchange that have not gone out. */
  unsent(detail: ExchangeDetail): readonly Side[];
  sent(detail: ExchangeDetail): void;
  /** Whether the exchange went out with one side only. */
  wasOneSided(exchange: string): boolean;
}

const HALVES_MAX = 50_000;

export function createHalfMemory(): HalfMemory {
  const halves = new Map<string, string>();
  const exchanges = new Set<string>();
  return {
    unsent: (detail) => sidesSeen(detail).filter((side) => !halves.has(keyOf(detail, side))),
    sent(detail) {
      const [first, second] = sidesSeen(detail);
      if (first === undefined || second !== undefined) return;
      const { id } = detail.exchange;
      halves.set(keyOf(detail, first), id);
      exchanges.add(id);
      const [oldest] = halves.size > HALVES_MAX ? halves : [];
      if (oldest === undefined) return;
      halves.delete(oldest[0]);
      exchanges.delete(oldest[1]);
    },
    wasOneSided: (exchange) => exchanges.has(exchange),
  };
}

/** By the reporter's own number: an exchange's id may go when it joins another. */
function keyOf({ client, server }: ExchangeDetail, side: Side): string {
  const half = side === 'client' ? client : server;
  return `${side} ${half?.reporter} ${half?.exchangeNo}`;
}
