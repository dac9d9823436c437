import { createCallBook } from './call-book.ts';
import type { Clock } from './clock.ts';
import { describeExchange, type Observation, type ReadExtras } from './describe.ts';
import { type Beginning, createExchange, type Exchange } from './exchange.ts';
import { releaseBody } from './held-body.ts';

/** Where the observed go. */
export interface Sink {
  offer(observation: Observation): void;
  /** Counts a row that never came to be. */
  drop(reason: string): void;
}

/** Follows the exchanges of this process from their beginning to their end. */
export interface Observatory {
  /** Null when too many are in flight to follow another. */
  begin(beginning: Beginning): Exchange | null;
  end(exchange: Exchange, at: number): void;
  countNoise(): void;
  noise(): number;
  /** Reports as open what has lasted longer than `millis`, and ends what lost its connection without a word. */
  sweep(millis: number): void;
}

const IN_FLIGHT_MAX = 50_000;

export interface ObservatoryParts {
  readonly clock: Clock;
  readonly sink: Sink;
  readonly extrasOf?: ReadExtras | undefined;
}

export function createObservatory({ clock, sink, extrasOf }: ObservatoryParts): Observatory {
  const calls = createCallBook();
  /** In order of their beginning: the young ones are not yet reported, the old ones are, as open. */
  const young = new Set<Exchange>();
  const old = new Set<Exchange>();
  let exchanges = 0;
  let noise = 0;

  const end = (exchange: Exchange, at: number): void => {
    if (exchange.hasEnded) return;
    exchange.hasEnded = true;
    if (exchange.cause !== null) exchange.cause.endedAt = at;
    young.delete(exchange);
    old.delete(exchange);
    const observation = describeExchange(exchange, at, calls, extrasOf);
    releaseBody(exchange.request);
    releaseBody(exchange.reply);
    if (observation === null) noise++;
    else sink.offer(observation);
  };

  const endIfCutOff = (exchange: Exchange, at: number): boolean => {
    if (!exchange.isCutOff()) return false;
    exchange.failure ??= exchange.hasTimedOut ? 'timeout' : 'aborted';
    end(exchange, at);
    return true;
  };

  return {
    begin: (beginning) => {
      if (young.size + old.size >= IN_FLIGHT_MAX) {
        sink.drop('tooManyInFlight');
        return null;
      }
      const exchange = createExchange(exchanges++, clock.wallMicrosAt(beginning.startedAt), beginning);
      young.add(exchange);
      return exchange;
    },
    end,
    countNoise: () => {
      noise++;
    },
    noise: () => noise,
    sweep: (millis) => {
      const now = clock.now();
      for (const exchange of old) endIfCutOff(exchange, now);
      for (const exchange of young) {
        if (now - exchange.startedAt < millis) break;
        if (endIfCutOff(exchange, now)) continue;
        young.delete(exchange);
        old.add(exchange);
        const observation = describeExchange(exchange, null, calls, extrasOf);
        if (observation === null) continue;
        exchange.isReported = true;
        sink.offer(observation);
      }
    },
  };
}
