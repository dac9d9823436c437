import { isError, outcomeOf } from '@soa-monitor/protocol';
import { type Flight, flightOf } from '../model/dots.ts';
import { type FlightBatch, TIMES_PER_FLIGHT } from './messages.ts';

/** One exchange on the board, with its flight at the present speed. */
export interface Shown {
  readonly id: string;
  /** Number of its link of endpoint level. */
  readonly link: number;
  readonly times: readonly [number | null, number | null, number | null, number | null];
  readonly outcome: number;
  readonly durationMicros: number | null;
  readonly isFault: boolean;
  readonly isError: boolean;
  readonly isRequestHalf: boolean;
  readonly isReplyHalf: boolean;
  flight: Flight;
}

/**
 * The exchanges that the drawing worker knows, and which of them are seen at a moment. Going forward costs what begins and
 * ends; going anywhere else, one look at all.
 */
export interface FlightBoard {
  put(batch: FlightBatch): void;
  remove(ids: readonly string[]): void;
  clear(): void;
  /** Those seen at `now`, at this speed. */
  at(now: number, speed: number): Iterable<Shown>;
  get(id: string): Shown | undefined;
  /** When the next one not yet seen begins; Infinity: none is known. */
  nextBegins(): number;
  readonly size: number;
}

/** Exchanges the worker keeps; the oldest ended ones are let go. The page sends them again when it seeks. */
export const SHOWN_MAX = 300_000;

export function createFlightBoard(): FlightBoard {
  const all = new Map<string, Shown>();
  const active = new Set<Shown>();
  /** Not yet begun, the next one last. */
  let upcoming: Shown[] = [];
  let isSorted = true;
  let last = Number.NEGATIVE_INFINITY;
  let lastSpeed = 1;

  function enter(shown: Shown): void {
    if (shown.flight.begins > last) {
      upcoming.push(shown);
      isSorted = false;
    } else if (shown.flight.ends > last) active.add(shown);
  }

  function leave(id: string): void {
    const known = all.get(id);
    if (known === undefined) return;
    all.delete(id);
    active.delete(known);
    // Entries of `upcoming` that are no longer in `all` are passed over when their time comes.
  }

  function lookAtAll(now: number, speed: number): void {
    if (speed !== lastSpeed) for (const shown of all.values()) shown.flight = flightAt(shown, speed);
    active.clear();
    upcoming = [];
    isSorted = false;
    last = now;
    lastSpeed = speed;
    for (const shown of all.values()) enter(shown);
  }

  function goForward(now: number): void {
    last = now;
    sortUpcoming();
    for (let next = upcoming.at(-1); next !== undefined && next.flight.begins <= now; next = upcoming.at(-1)) {
      upcoming.pop();
      if (all.get(next.id) === next) active.add(next);
    }
    for (const shown of active) if (shown.flight.ends <= now) active.delete(shown);
  }

  function sortUpcoming(): void {
    if (!isSorted) upcoming.sort((a, b) => b.flight.begins - a.flight.begins);
    isSorted = true;
  }

  function dropOldest(): void {
    for (const shown of all.values()) {
      if (all.size <= SHOWN_MAX * 0.95) return;
      if (!active.has(shown)) all.delete(shown.id);
    }
  }

  return {
    put(batch) {
      for (let i = 0; i < batch.ids.length; i++) {
        const shown = shownFrom(batch, i, lastSpeed);
        if (shown === null) continue;
        leave(shown.id);
        all.set(shown.id, shown);
        enter(shown);
      }
      if (all.size > SHOWN_MAX) dropOldest();
    },
    remove(ids) {
      for (const id of ids) leave(id);
    },
    clear() {
      all.clear();
      active.clear();
      upcoming = [];
    },
    at(now, speed) {
      if (speed !== lastSpeed || now < last) lookAtAll(now, speed);
      else goForward(now);
      return active;
    },
    get: (id) => all.get(id),
    nextBegins() {
      sortUpcoming();
      return upcoming.at(-1)?.flight.begins ?? Number.POSITIVE_INFINITY;
    },
    get size() {
      return all.size;
    },
  };
}

function shownFrom(batch: FlightBatch, index: number, speed: number): Shown | null {
  const id = batch.ids[index];
  const link = batch.links[index];
  const outcome = batch.outcomes[index];
  if (id === undefined || link === undefined || outcome === undefined) return null;
  const time = (column: number): number | null => {
    const value = batch.times[index * TIMES_PER_FLIGHT + column];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const times = [time(0), time(1), time(2), time(3)] as const;
  const ended = outcomeOf(outcome < 0 ? null : outcome);
  const shown = {
    id,
    link,
    times,
    outcome,
    durationMicros: time(4),
    isFault: ended === 'fault',
    isError: ended !== null && isError(ended),
    isRequestHalf: times[0] === null || times[1] === null,
    isReplyHalf: times[2] === null || times[3] === null,
  };
  return { ...shown, flight: flightAt(shown, speed) };
}

function flightAt(shown: Omit<Shown, 'flight'>, speed: number): Flight {
  const [requestSent, requestReceived, replySent, replyReceived] = shown.times;
  const outcome = outcomeOf(shown.outcome < 0 ? null : shown.outcome);
  const { durationMicros } = shown;
  return flightOf({ requestSent, requestReceived, replySent, replyReceived, outcome, durationMicros }, speed);
}
