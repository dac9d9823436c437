import type { Outcome } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { dotsAt, FAILED_SCREEN_MICROS, FLIGHT_SCREEN_MICROS, flightOf } from './dots.ts';

const START = 1_700_000_000_000_000;
const ms = (millis: number): number => millis * 1_000;

type Times = readonly [number | null, number | null, number | null, number | null];

/** Times in ms after the start. */
function exchange(times: Times, outcome: Outcome | null = 'ok', durationMillis: number | null = null) {
  const [requestSent, requestReceived, replySent, replyReceived] = times.map((time) =>
    time === null ? null : START + ms(time),
  );
  return {
    requestSent: requestSent ?? null,
    requestReceived: requestReceived ?? null,
    replySent: replySent ?? null,
    replyReceived: replyReceived ?? null,
    outcome,
    durationMicros: durationMillis === null ? null : ms(durationMillis),
  };
}

/** "request flying 0.5, reply docked 0" at so many ms after the start. */
const seen = (of: ReturnType<typeof exchange>, atMillis: number, speed = 1): string =>
  dotsAt(flightOf(of, speed), START + ms(atMillis))
    .map(({ part, phase, progress }) => `${part} ${phase} ${Number(progress.toFixed(3))}`)
    .join(', ');

describe('the dot rule', () => {
  const fast = exchange([0, 0.4, 2, 2.4]);
  it('shows a fast call as a request of 400 ms, its reply docked meanwhile, and then a reply of 400 ms', () => {
    expect(seen(fast, -1)).toBe('');
    expect(seen(fast, 0)).toBe('request flying 0');
    expect(seen(fast, 1)).toBe('request flying 0.003');
    expect(seen(fast, 2)).toBe('request flying 0.005, reply docked 0');
    expect(seen(fast, 200)).toBe('request flying 0.5, reply docked 0');
    expect(seen(fast, 400)).toBe('reply flying 0');
    expect(seen(fast, 600)).toBe('reply flying 0.5');
    expect(seen(fast, 800)).toBe('');
  });

  const slow = exchange([0, 1_000, 3_000, 5_000]);
  it('shows what is slow as slow: the true times of each way, and waiting in between', () => {
    expect(seen(slow, 500)).toBe('request flying 0.5');
    expect(seen(slow, 1_000)).toBe('request waiting 1');
    expect(seen(slow, 2_999)).toBe('request waiting 1');
    expect(seen(slow, 3_000)).toBe('reply flying 0');
    expect(seen(slow, 4_000)).toBe('reply flying 0.5');
    expect(seen(slow, 5_000)).toBe('');
  });

  const hanging = exchange([0, 1, null, null], null);
  it('lets a call in flight hang at its target for as long as it lasts', () => {
    expect(seen(hanging, 399)).toBe('request flying 0.998');
    expect(seen(hanging, 400)).toBe('request waiting 1');
    expect(seen(hanging, 86_400_000)).toBe('request waiting 1');
  });

  it('shows a message that one side saw from the one time that is known', () => {
    const clientOnly = exchange([0, null, null, 3_000]);
    expect(seen(clientOnly, 200)).toBe('request flying 0.5');
    expect(seen(clientOnly, 2_000)).toBe('request waiting 1');
    expect(seen(clientOnly, 3_200)).toBe('reply flying 0.5');
    const serverOnly = exchange([null, 10, 15, null]);
    expect(seen(serverOnly, 5)).toBe('');
    expect(seen(serverOnly, 20)).toBe('request flying 0.025, reply docked 0');
    expect(seen(serverOnly, 610)).toBe('reply flying 0.5');
  });
  it('shows a reply whose request nobody saw', () => {
    expect(seen(exchange([null, null, 0, 1]), 200)).toBe('reply flying 0.5');
    expect(seen(exchange([null, null, 0, 1]), 400)).toBe('');
  });

  it('ends a one-way message where it lands', () => {
    const oneWay = exchange([0, 2, null, null], 'oneWay', 2);
    expect(seen(oneWay, 399)).toBe('request flying 0.998');
    expect(seen(oneWay, 400)).toBe('');
  });

  it('ends a call without a reply as a failed mark, when it was given up', () => {
    const refused = exchange([0, null, null, null], 'refused', 1);
    expect(seen(refused, 300)).toBe('request flying 0.75');
    expect(seen(refused, 400)).toBe('request failed 1');
    expect(seen(refused, 400 + FAILED_SCREEN_MICROS / 1_000)).toBe('');
    const timeout = exchange([0, 1, null, null], 'timeout', 30_000);
    expect(seen(timeout, 29_999)).toBe('request waiting 1');
    expect(seen(timeout, 30_000)).toBe('request failed 1');
  });

  it('gives every dot its 400 ms of screen at any speed', () => {
    expect(seen(fast, 20, 0.1)).toBe('request flying 0.5, reply docked 0');
    expect(seen(fast, 60, 0.1)).toBe('reply flying 0.5');
    expect(seen(fast, 20_000, 100)).toBe('request flying 0.5, reply docked 0');
    expect(seen(fast, 60_000, 100)).toBe('reply flying 0.5');
    for (const speed of [0.1, 1, 7, 100]) {
      const flight = flightOf(fast, speed);
      expect(flight.requestLands - flight.requestLeaves).toBeGreaterThanOrEqual(FLIGHT_SCREEN_MICROS * speed - 1);
      expect(flight.replyLands - flight.replyLeaves).toBeGreaterThanOrEqual(FLIGHT_SCREEN_MICROS * speed - 1);
    }
  });

  it('is the same backwards: what is seen at a moment does not depend on how one came there', () => {
    const moments = [-10, 0, 1, 2, 200, 400, 600, 799, 800];
    const forwards = moments.map((at) => seen(fast, at));
    const backwards = [...moments].reverse().map((at) => seen(fast, at));
    expect(backwards.reverse()).toEqual(forwards);
  });

  it('never hides a message that is known: from its sending on, each has been seen within its flight', () => {
    for (const of of [fast, slow, exchange([0, 399, 400, 401]), exchange([0, 500, 500, 500])]) {
      const flight = flightOf(of, 1);
      const first = dotsAt(flight, flight.replyKnown).find((sight) => sight.part === 'reply');
      expect(first).toBeDefined();
    }
  });
});
