import { type CellTuple, type ExchangeTuple, type FeedItems, isSampled, linkId } from '@soa-monitor/protocol';
import type { Answer, Api } from './api.ts';

const SECOND = 1_000_000;
export const NO_ITEMS: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };
export const LINK = linkId('till', '/bank');

/** Calls at these moments (µs, ascending), each of them `durationMicros` long, as a stored window that answers like the monitor. For tests. */
export function storedCalls(starts: readonly number[], durationMicros: number) {
  const exchanges = starts.map(
    (at, index): ExchangeTuple => [
      `x${index}`,
      1,
      LINK,
      'Op',
      7,
      at,
      at,
      at + durationMicros,
      at + durationMicros,
      durationMicros,
    ],
  );
  const counts = new Map<number, number>();
  for (const at of starts) counts.set(Math.floor(at / SECOND), (counts.get(Math.floor(at / SECOND)) ?? 0) + 1);
  const cells = [...counts].map(([second, count]): CellTuple => [LINK, second, 1, count, 0, 0, 0, 0, [40, count]]);
  const seconds = cells.map((cell) => cell[1]);
  const startOf = (one: ExchangeTuple): number => one[5] ?? 0;
  const asked: string[] = [];
  /** What the next answers are instead, oldest first. */
  const failures: Answer<never>[] = [];
  const answer = <Value>(value: Value): Promise<Answer<Value>> =>
    Promise.resolve(failures.shift() ?? { kind: 'ok', value });

  const api: Pick<Api, 'pictureAt' | 'replay'> = {
    pictureAt(at) {
      asked.push(`picture ${at}`);
      const second = Math.floor(at / SECOND);
      const feed = {
        ...NO_ITEMS,
        exchanges: exchanges.slice(firstFrom(starts, at - durationMicros + 1), firstFrom(starts, at + 1)),
        cells: cells.slice(firstFrom(seconds, second - 60), firstFrom(seconds, second + 1)),
      };
      return answer({ at, feed });
    },
    replay({ window, sample, limit, cursor }) {
      asked.push(`replay ${window.from} ${window.to} ${sample}${cursor === undefined ? '' : ` after ${cursor}`}`);
      const begin = cursor === undefined ? firstFrom(starts, window.from) : Number(cursor);
      const page: ExchangeTuple[] = [];
      let index = begin;
      for (; page.length < limit; index++) {
        const one = exchanges[index];
        if (one === undefined || startOf(one) >= window.to) break;
        if (isSampled(one[0], sample)) page.push(one);
      }
      const next = exchanges[index];
      const isLast = next === undefined || startOf(next) >= window.to;
      const second = (micros: number): number => Math.floor(micros / SECOND);
      const [told, until] = [starts[begin - 1] ?? 0, isLast ? window.to : (starts[index - 1] ?? 0) + SECOND];
      const first = cursor === undefined ? second(window.from) : second(told) + 1;
      const feed = {
        ...NO_ITEMS,
        exchanges: page,
        cells: cells.slice(firstFrom(seconds, first), firstFrom(seconds, Math.ceil(until / SECOND))),
      };
      return answer({ window, sample, cursor: isLast ? null : String(index), feed });
    },
  };
  const whole: FeedItems = { ...NO_ITEMS, exchanges, cells };
  return { api, asked, failures, whole };
}

/** The index of the first value from here on. */
function firstFrom(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
