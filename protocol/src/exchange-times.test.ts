import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeTimes } from './exchange-times.ts';

const side = (start: number, requestLast: number | null, replyFirst: number | null, replyLast: number | null) => ({
  start,
  requestLast,
  replyFirst,
  replyLast,
});

describe('the four times of an exchange', () => {
  it('are those of the two sides when the clocks agree', () => {
    expect(exchangeTimes(side(1_000, 10, 480, 500), side(1_100, 20, 300, 310))).toEqual({
      requestSent: 1_000,
      requestReceived: 1_120,
      replySent: 1_400,
      replyReceived: 1_500,
    });
  });

  it('are null for the side that was not seen', () => {
    expect(exchangeTimes(null, side(1_100, 20, 300, 310))).toMatchObject({ requestSent: null, replyReceived: null });
    expect(exchangeTimes(side(1_000, 10, 480, 500), null)).toMatchObject({ requestReceived: null, replySent: null });
  });

  it('are null for messages that have not been yet', () => {
    expect(exchangeTimes(side(1_000, 10, null, null), side(1_100, 20, null, null))).toEqual({
      requestSent: 1_000,
      requestReceived: 1_120,
      replySent: null,
      replyReceived: null,
    });
  });

  it('move the server as a whole when its clock is behind or ahead', () => {
    const client = side(1_000, 10, 480, 500);
    expect(exchangeTimes(client, side(-5_000, 20, 300, 310))).toMatchObject({
      requestReceived: 1_000,
      replySent: 1_280,
    });
    expect(exchangeTimes(client, side(9_000, 20, 300, 310))).toMatchObject({
      requestReceived: 1_220,
      replySent: 1_500,
    });
  });

  it('are placed by what is known of the clocks, and moved no further than that leaves them wrong', () => {
    const client = side(1_000, 10, 480, 500);
    // Three minutes ahead: the service began 150 µs after the client, and there is nothing left to move.
    expect(exchangeTimes(client, side(180_001_150, 20, 200, 210), -180_000_000)).toMatchObject({
      requestReceived: 1_170,
      replySent: 1_350,
    });
    // Known to 200 µs only, in the other direction.
    expect(exchangeTimes(client, side(-180_000_050, 20, 200, 210), 180_000_850)).toMatchObject({
      requestReceived: 1_000,
      replySent: 1_180,
    });
    expect(exchangeTimes(null, side(5_000, 20, 200, 210), -180_000_000)).toMatchObject({ requestReceived: 5_020 });
  });

  it('never show a message received before it was sent', () => {
    const offsets = fc.array(fc.nat(10_000), { minLength: 3, maxLength: 3 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        fc.integer({ min: -50_000, max: 50_000 }),
        offsets,
        offsets,
        fc.integer(),
        (skew, client, server, shift) => {
          const times = exchangeTimes(
            side(1_000_000, client[0] ?? 0, client[1] ?? 0, client[2] ?? 0),
            side(1_000_000 + skew, server[0] ?? 0, server[1] ?? 0, server[2] ?? 0),
            shift,
          );
          expect(times.requestReceived).toBeGreaterThanOrEqual(times.requestSent ?? Number.NaN);
          expect(times.replyReceived).toBeGreaterThanOrEqual(times.replySent ?? Number.NaN);
        },
      ),
    );
  });
});
