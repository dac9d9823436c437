import type { SeenExchange } from '../model/exchange.ts';

/** When the next (1) or the previous (−1) message was sent, seen from `from`; null: there is none. */
export function nextMessage(exchanges: Iterable<SeenExchange>, from: number, direction: 1 | -1): number | null {
  let found: number | null = null;
  for (const exchange of exchanges) {
    for (const at of [exchange.requestSent ?? exchange.requestReceived, exchange.replySent ?? exchange.replyReceived]) {
      if (at === null || (direction === 1 ? at <= from : at >= from)) continue;
      if (found === null || (direction === 1 ? at < found : at > found)) found = at;
    }
  }
  return found;
}
