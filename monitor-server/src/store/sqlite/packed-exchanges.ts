import { type ExchangeTuple, outcomeCode } from '@soa-monitor/protocol';
import { idOf, type Key } from './exchange-key.ts';
import type { FoldedExchange, FoldedHalf } from './fold-exchange.ts';

/**
 * The exchanges that a commit changed, on their way to the main thread: numbers in one array that is handed over, and each
 * link and operation named once. As tuples they cost the writer more to clone than to make.
 */
export interface PackedExchanges {
  readonly commitSeq: number;
  /** COLUMNS numbers an exchange; what is null is NaN, and what is one of a list is its index. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly links: readonly string[];
  readonly operations: readonly string[];
}

export interface ExchangePacking {
  /** The exchange as it stands in a feed. A lost one is told as aborted without a duration, or a picture would show it in flight for ever. */
  add(key: Key, link: Link, operation: number, folded: FoldedExchange<FoldedHalf>, lost: boolean): void;
  /** What was added since the last call. */
  take(commitSeq: number): PackedExchanges;
}

interface Link {
  readonly number: number;
  readonly id: string;
}

const COLUMNS = 10;
const ROOM = 1_024;
const ABORTED = outcomeCode('aborted');

export function createExchangePacking(operationName: (number: number) => string): ExchangePacking {
  let numbers = new Float64Array(ROOM * COLUMNS);
  let length = 0;
  let links = numbered<string>();
  let operations = numbered<string>();
  const put = (value: number | null): void => {
    numbers[length++] = value === null ? Number.NaN : value;
  };
  return {
    add({ time, seq }, link, operation, { outcome, times, durationMicros }, lost) {
      if (length === numbers.length) {
        const wider = new Float64Array(2 * numbers.length);
        wider.set(numbers);
        numbers = wider;
      }
      put(time);
      put(seq);
      put(links.indexOf(link.number, () => link.id));
      put(operations.indexOf(operation, () => operationName(operation)));
      put(outcome === null ? (lost ? ABORTED : null) : outcomeCode(outcome));
      put(times.requestSent);
      put(times.requestReceived);
      put(times.replySent);
      put(times.replyReceived);
      put(durationMicros);
    },
    take(commitSeq) {
      const packed = { commitSeq, numbers: numbers.slice(0, length), links: links.all, operations: operations.all };
      length = 0;
      links = numbered();
      operations = numbered();
      return packed;
    },
  };
}

export const countOf = ({ numbers }: PackedExchanges): number => numbers.length / COLUMNS;

/** The exchanges [from, to) of them, in memory of their own. */
export const partOf = (packed: PackedExchanges, from: number, to: number): PackedExchanges => ({
  ...packed,
  numbers: packed.numbers.slice(from * COLUMNS, to * COLUMNS),
});

export function unpackExchanges({ commitSeq, numbers, links, operations }: PackedExchanges): ExchangeTuple[] {
  const tuples: ExchangeTuple[] = [];
  let at = 0;
  const count = (): number => numbers[at++] ?? 0;
  const orNull = (): number | null => {
    const value = count();
    return Number.isNaN(value) ? null : value;
  };
  while (at < numbers.length) {
    const id = idOf({ time: count(), seq: count() });
    const link = links[count()] ?? '';
    const operation = operations[count()] ?? '';
    tuples.push([id, commitSeq, link, operation, orNull(), orNull(), orNull(), orNull(), orNull(), orNull()]);
  }
  return tuples;
}

function numbered<Entry>() {
  const indexes = new Map<number, number>();
  const all: Entry[] = [];
  return {
    all,
    indexOf(number: number, entry: () => Entry): number {
      const known = indexes.get(number);
      if (known !== undefined) return known;
      const index = all.push(entry()) - 1;
      indexes.set(number, index);
      return index;
    },
  };
}
