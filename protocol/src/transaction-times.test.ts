import { describe, expect, test } from 'vitest';
import { type TimedExchange, transactionParts } from './transaction-times.ts';

/**
 * A call with both halves: called at `at`, ten later at the service, `service` long there, twenty on the way back. The
 * service's clock is a million ahead.
 */
const AHEAD = 1_000_000;
function call(id: string, parent: string | null, at: number, service: number, clock = 0): TimedExchange {
  return {
    id,
    parent,
    durationMicros: service + 30,
    client: { start: clock + at, requestLast: 2, replyFirst: service + 25, replyLast: service + 30 },
    server: { start: AHEAD + at + 5, requestLast: 5, replyFirst: service + 5, replyLast: service + 8 },
    requestSent: at,
    requestReceived: at + 10,
    replySent: at + 10 + service,
    replyReceived: at + 30 + service,
  };
}
/** A call that a service made: its client's half is in that service's clock. */
const inner = (id: string, parent: string, at: number, service: number) => call(id, parent, at, service, AHEAD);

const told = (exchanges: readonly TimedExchange[]) =>
  transactionParts(exchanges).map((part) => [part.exchange, part.ownMicros, part.waitingMicros, part.isCritical]);

describe('where the time of a transaction went', () => {
  test('a call alone: its own time and the network both ways', () => {
    expect(transactionParts([call('a', null, 0, 100)])).toEqual([
      {
        exchange: 'a',
        serviceMicros: 100,
        ownMicros: 100,
        waitingMicros: 0,
        networkOutMicros: 10,
        networkBackMicros: 20,
        isCritical: true,
      },
    ]);
  });

  test('calls one after the other are waited for one by one, and all are critical', () => {
    const exchanges = [call('a', null, 0, 1_000), inner('b', 'a', 100, 170), inner('c', 'a', 400, 70)];
    expect(told(exchanges)).toEqual([
      ['a', 700, 300, true],
      ['b', 170, 0, true],
      ['c', 70, 0, true],
    ]);
  });

  test('calls at once are waited for once, and the one that ended last is critical', () => {
    const exchanges = [call('a', null, 0, 1_000), inner('b', 'a', 100, 170), inner('c', 'a', 150, 320)];
    expect(told(exchanges)).toEqual([
      ['a', 600, 400, true],
      ['b', 170, 0, false],
      ['c', 320, 0, true],
    ]);
  });

  test('a call that outlived the reply is not waited for beyond it, and not critical', () => {
    const exchanges = [call('a', null, 0, 1_000), inner('b', 'a', 900, 5_000)];
    expect(told(exchanges)).toEqual([
      ['a', 890, 110, true],
      ['b', 5_000, 0, false],
    ]);
  });

  test('the critical path goes down into the calls of calls', () => {
    const exchanges = [
      call('a', null, 0, 1_000),
      inner('b', 'a', 100, 570),
      inner('c', 'b', 150, 70),
      inner('d', 'b', 200, 270),
    ];
    expect(told(exchanges).map(([id, , , isCritical]) => [id, isCritical])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
      ['d', true],
    ]);
  });

  test('what was seen from one side only is not guessed', () => {
    const seen = call('a', null, 0, 100);
    const clientOnly = { ...seen, server: null, requestReceived: null, replySent: null };
    const serverOnly = { ...seen, client: null, requestSent: null, replyReceived: null };
    const nothing = { ownMicros: null, serviceMicros: null, networkOutMicros: null, networkBackMicros: null };
    expect(transactionParts([clientOnly])[0]).toMatchObject(nothing);
    expect(transactionParts([serverOnly])[0]).toMatchObject({ ...nothing, ownMicros: 100, serviceMicros: 100 });
    expect(transactionParts([])).toEqual([]);
  });
});
