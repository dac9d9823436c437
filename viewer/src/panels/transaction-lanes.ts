import type { Exchange, Transaction } from '@soa-monitor/protocol';
import { type TransactionBranch, transactionTree } from './transaction-tree.ts';

/** One exchange of a transaction as a bar in the time of the whole. Shares are of the whole, 0 to 1. */
export interface TransactionLane {
  readonly exchange: Exchange;
  readonly depth: number;
  readonly offset: number;
  readonly width: number;
  /** The service's own work in it, without the calls it made; null: not known. */
  readonly service: { readonly offset: number; readonly width: number } | null;
  readonly ownMicros: number | null;
  /** Without it the transaction would have ended earlier. */
  readonly isCritical: boolean;
}

export interface TransactionLanes {
  readonly lanes: readonly TransactionLane[];
  readonly lengthMicros: number;
  /** Exchanges that are not drawn, because there are more than a person reads. */
  readonly left: number;
}

/** Rows of the waterfall, at most. */
const LANES_MAX = 200;
/** A tree is not indented further than this: the names would have no room. */
const DEPTH_MAX = 8;

/** In the order of the tree, each call under its cause. What is still in flight lasts until the last known moment of the whole. */
export function transactionLanes({ exchanges, parts = [] }: Transaction): TransactionLanes {
  const from = Math.min(...exchanges.map(({ start }) => start));
  const until = Math.max(...exchanges.map(({ start, durationMicros }) => start + (durationMicros ?? 0)));
  const lengthMicros = Math.max(1, until - from);
  const partOf = new Map(parts.map((part) => [part.exchange, part]));
  const share = (micros: number): number => Math.min(1, Math.max(0, micros / lengthMicros));
  const laneOf = (exchange: Exchange, depth: number): TransactionLane => {
    const part = partOf.get(exchange.id);
    const end = exchange.outcome === null ? until : exchange.start + (exchange.durationMicros ?? 0);
    const received = exchange.requestReceived;
    return {
      exchange,
      depth: Math.min(DEPTH_MAX, depth),
      offset: share(exchange.start - from),
      width: share(end - exchange.start),
      service:
        received === null || part?.serviceMicros == null
          ? null
          : { offset: share(received - from), width: share(part.serviceMicros) },
      ownMicros: part?.ownMicros ?? null,
      isCritical: part?.isCritical ?? false,
    };
  };
  const lanes: TransactionLane[] = [];
  const walk = (branches: readonly TransactionBranch[], depth: number): void => {
    for (const { exchange, children } of branches) {
      if (lanes.length >= LANES_MAX) return;
      lanes.push(laneOf(exchange, depth));
      walk(children, depth + 1);
    }
  };
  walk(transactionTree(exchanges), 0);
  return { lanes, lengthMicros, left: exchanges.length - lanes.length };
}
