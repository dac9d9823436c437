import type { ExchangePlace } from '../store/store.ts';

/**
 * Exchanges go out by going on through the store in the order of their places. What is stored at a place that was passed
 * already is not met that way: the store tells of it when it commits, and here is decided whether it came too late for the
 * round that passed it, or is something of old that changed.
 */
export interface LateArrivals {
  /** The place up to which all has been passed. */
  readonly cursor: ExchangePlace;
  /** The newest seq that the last round could see. */
  readonly end: number;
  /** The store told of it. True, once for each: it was missed. */
  told(id: string): boolean;
  /** Found by reading. True, once for each: it lies at a place that was passed. */
  found(id: string): boolean;
  /** A round begins that may pass all that began before. What was told until now is in sight of it. */
  asks(before: number): void;
  /** It will pass this place, and nothing behind it. */
  answered(cursor: ExchangePlace): void;
  /** The round is done, and could see what was stored up to `end`. Gives what it missed. */
  passed(cursor: ExchangePlace, end: number): readonly string[];
}

/** Rounds that are told apart. Of a longer time ago is only known that nothing is attributed so late. */
const ROUNDS_MAX = 20_000;
/** What was told while a page was read, and lies where it may pass. Beyond it is taken for missed. */
const MEANWHILE_MAX = 20_000;
/** The store tells of a late exchange again a minute later: those of that minute, as long as they are not more. */
const KNOWN_MAX = 100_000;

export function createLateArrivals(
  placeOf: (id: string) => ExchangePlace | null,
  begin: { readonly cursor: ExchangePlace; readonly end: number },
): LateArrivals {
  const rounds = [begin];
  const known = new Set<string>();
  const meanwhile = new Set<string>();
  let { cursor, end } = begin;
  let passesAtMost = cursor;

  /** By the first round that passed its place: it saw what was stored by then. */
  const isMissed = (place: ExchangePlace): boolean => {
    let [low, high] = [0, rounds.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const passedTo = rounds[middle]?.cursor;
      if (passedTo !== undefined && isBehind(place, passedTo)) low = middle + 1;
      else high = middle;
    }
    return place.seq > (rounds[low]?.end ?? 0);
  };
  const isFirst = (id: string): boolean => {
    if (known.has(id)) return false;
    known.add(id);
    const [oldest] = known.size > KNOWN_MAX ? known : [];
    if (oldest !== undefined) known.delete(oldest);
    return true;
  };

  return {
    get cursor() {
      return cursor;
    },
    get end() {
      return end;
    },
    told(id) {
      const place = placeOf(id);
      if (place === null) return false;
      if (!isBehind(place, cursor)) return isMissed(place) && isFirst(id);
      if (isBehind(place, passesAtMost)) return false;
      if (meanwhile.size >= MEANWHILE_MAX) return isFirst(id);
      meanwhile.add(id);
      return false;
    },
    found(id) {
      const place = placeOf(id);
      return place !== null && !isBehind(place, cursor) && isFirst(id);
    },
    asks(before) {
      meanwhile.clear();
      passesAtMost = { time: Math.max(before, cursor.time), seq: Number.MAX_SAFE_INTEGER };
    },
    answered(reached) {
      passesAtMost = reached;
      for (const id of meanwhile) {
        const place = placeOf(id);
        if (place !== null && isBehind(place, reached)) meanwhile.delete(id);
      }
    },
    passed(reached, seen) {
      if (isBehind(reached, cursor)) rounds.push({ cursor: reached, end: seen });
      if (rounds.length > ROUNDS_MAX) rounds.splice(0, ROUNDS_MAX / 2);
      cursor = reached;
      end = seen;
      passesAtMost = reached;
      const missed = [...meanwhile].filter((id) => {
        const place = placeOf(id);
        return place !== null && isMissed(place) && isFirst(id);
      });
      meanwhile.clear();
      return missed;
    },
  };
}

const isBehind = (place: ExchangePlace, other: ExchangePlace): boolean =>
  place.time > other.time || (place.time === other.time && place.seq > other.seq);
