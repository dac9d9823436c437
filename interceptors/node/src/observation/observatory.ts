import type { Guard } from '../tap/guarded.ts';
import { createAttempts, isRejected } from './attempts.ts';
import type { BodyHashing } from './body-hash.ts';
import type { Clock } from './clock.ts';
import { describeExchange, type Observation, type ReadExtras } from './describe.ts';
import { type Beginning, createExchange, type Exchange } from './exchange.ts';
import { releaseBody } from './held-body.ts';
import { createInFlight } from './in-flight.ts';
import { createRoutes } from './routes.ts';

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
  /** Rounds that ended and wait whether their message goes on. */
  held(): number;
  /** Describes what has ended. */
  settle(): void;
  /** The same, and reports as open what has lasted longer than `millis`, and ends what lost its connection without a word. */
  sweep(millis: number): void;
}

/**
 * What has ended is described some at a time: one after the other costs a third of what each alone does between two requests,
 * whose code has pushed ours out of the processor's caches by then (RATIONALE).
 */
const ENDED_MAX = 32;
/** What they hold of their bodies, together. */
const ENDED_BYTES_MAX = 256 * 1024;

const IN_FLIGHT_MAX = 50_000;

export interface ObservatoryParts {
  readonly clock: Clock;
  readonly sink: Sink;
  readonly guard: Pick<Guard, 'ask'>;
  readonly extrasOf?: ReadExtras | undefined;
  readonly hashing?: BodyHashing | undefined;
}

export function createObservatory({ clock, sink, guard, extrasOf, hashing }: ObservatoryParts): Observatory {
  const routes = createRoutes();
  /** In order of their beginning: the young ones are not yet reported, the old ones are, as open. */
  const young = createInFlight();
  const old = createInFlight();
  /** Ended, not described yet; in order. */
  let ended: Exchange[] = [];
  let endedAts: number[] = [];
  let endedBytes = 0;
  let exchanges = 0;
  let noise = 0;

  const end = (exchange: Exchange, at: number): void => {
    if (exchange.hasEnded) return;
    exchange.hasEnded = true;
    if (exchange.cause !== null) exchange.cause.endedAt = at;
    (exchange.isOld ? old : young).remove(exchange);
    if (attempts.held() > 0) attempts.follow(exchange);
    if (!isRejected(exchange) || !attempts.hold(exchange, at)) report(exchange, at);
  };

  const report = (exchange: Exchange, at: number): void => {
    ended.push(exchange);
    endedAts.push(at);
    endedBytes += exchange.request.held + exchange.reply.held;
    if (ended.length >= ENDED_MAX || endedBytes > ENDED_BYTES_MAX) settle();
  };

  const settle = (): void => {
    if (ended.length === 0) return;
    // Taken out first: what cannot be described must not stand in the way of what comes after it.
    const batch = ended;
    const ats = endedAts;
    ended = [];
    endedAts = [];
    endedBytes = 0;
    for (let index = 0; index < batch.length; index++) guard.ask(describe, batch[index], ats[index]);
  };

  const describe = (exchange: Exchange | undefined, at: number | undefined): boolean => {
    if (exchange === undefined || at === undefined) return false;
    const observation = describeExchange(exchange, at, routes, extrasOf);
    releaseBody(exchange.request);
    releaseBody(exchange.reply);
    if (observation === null) noise++;
    else sink.offer(observation);
    return true;
  };
  const attempts = createAttempts(report);

  const endIfCutOff = (exchange: Exchange, at: number): boolean => {
    if (!exchange.isCutOff()) return false;
    exchange.failure ??= exchange.hasTimedOut ? 'timeout' : 'aborted';
    end(exchange, at);
    return true;
  };

  const oldestStart = (): number => young.first()?.startedAt ?? Number.POSITIVE_INFINITY;

  return {
    begin: (beginning) => {
      if (young.size + old.size >= IN_FLIGHT_MAX) {
        sink.drop('tooManyInFlight');
        return null;
      }
      const exchange = createExchange(exchanges++, clock.wallMicrosAt(beginning.startedAt), beginning);
      if (hashing !== undefined) exchange.request.hash = hashing.begin(exchange.role, exchange.target.address);
      young.add(exchange);
      if (exchange.role === 'server' && attempts.held() > 0) attempts.followServed(exchange);
      return exchange;
    },
    end,
    countNoise: () => {
      noise++;
    },
    noise: () => noise,
    settle,
    held: attempts.held,
    sweep: (millis) => {
      const now = clock.now();
      old.each((exchange) => {
        endIfCutOff(exchange, now);
        return true;
      });
      young.each((exchange) => {
        if (now - exchange.startedAt < millis) return false;
        if (endIfCutOff(exchange, now)) return true;
        young.remove(exchange);
        exchange.isOld = true;
        old.add(exchange);
        if (attempts.held() > 0) attempts.follow(exchange);
        const observation = describeExchange(exchange, null, routes, extrasOf);
        if (observation === null) return true;
        exchange.isReported = true;
        sink.offer(observation);
        return true;
      });
      // The last sweep before the process ends or the interceptor closes.
      if (attempts.held() > 0 && millis === Number.POSITIVE_INFINITY) attempts.releaseAll();
      else if (attempts.held() > 0) attempts.expire(now, oldestStart());
      settle();
    },
  };
}
