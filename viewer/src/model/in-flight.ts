import { endOf, type SeenExchange, startOf } from './exchange.ts';

/**
 * How many exchanges of each link are under way at `time`: begun, and not ended by then. Of the sampled ones, times k:
 * exact for k = 1.
 */
export function inFlightAt(
  exchanges: Iterable<SeenExchange>,
  time: number,
  sample: number,
  keyOf: (exchange: SeenExchange) => string = ({ link }) => link,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const exchange of exchanges) {
    if (startOf(exchange) > time || endOf(exchange) <= time) continue;
    const key = keyOf(exchange);
    counts.set(key, (counts.get(key) ?? 0) + sample);
  }
  return counts;
}
