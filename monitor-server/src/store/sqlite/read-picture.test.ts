import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CALL, createReporter, loopback, MILLI, MINUTE, NOON, type Reporter, SECOND } from '../testing/estate.ts';
import { openTemporary, WAIT } from '../testing/opened.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

const HOUR = 60 * MINUTE;
/** All reports come late, so that every start lies in the past. */
const RECEIVED_AFTER = 5 * HOUR;
const FOREVER = 1e15;
const SERVED_AFTER = 100;

const duration = fc.oneof(
  fc.integer({ min: 1, max: 900 * MILLI }),
  fc.integer({ min: MINUTE - 2, max: MINUTE + 2 }),
  fc.integer({ min: MINUTE, max: 3 * HOUR }),
);
const calls = fc.array(
  fc.record({
    at: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: (3 * HOUR) / MILLI }).map((millis) => NOON + millis * MILLI) },
      // Its server's half lies in the next stretch.
      fc.constantFrom(NOON + HOUR - SERVED_AFTER / 2, NOON + 2 * HOUR - 1),
    ),
    /** Null: it never ends. */
    took: fc.option(duration, { freq: 6 }),
    isOpened: fc.boolean(),
    lost: fc.constantFrom('none', 'none', 'client', 'server'),
    isFault: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
);
const arrival = fc.record({
  order: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
  between: fc.array(fc.constantFrom('nothing', 'nothing', 'settle', 'reopen'), { minLength: 40, maxLength: 40 }),
  forgotten: fc.option(fc.integer({ min: 0, max: 3 * 60 }), { freq: 3 }),
  moments: fc.array(fc.integer({ min: 0, max: (4 * HOUR) / MILLI }), { maxLength: 4 }),
});

it('pictures any moment as a fold from the beginning does, in whatever order the halves came', async () => {
  await fc.assert(
    fc.asyncProperty(calls, arrival, async (given, { order, between, forgotten, moments }) => {
      await using opened = await openTemporary(async (path) =>
        createStoreFace(openDirectPorts(path, { clock: () => NOON + RECEIVED_AFTER, retentionMicros: 24 * HOUR })),
      );
      const { rows, flights: all, bank } = play(given);
      await opened.send(bank, [], RECEIVED_AFTER);
      const keyed = rows.map((told, index) => ({ told, key: order[index % order.length] ?? 0 }));
      let after = RECEIVED_AFTER;
      for (const [index, { told }] of keyed.sort((a, b) => a.key - b.key).entries()) {
        after += SECOND;
        await opened.send(told[0], [told[1]], after);
        const step = between[index % between.length];
        if (step === 'settle') await opened.store.settle(NOON + after, WAIT, FOREVER);
        if (step === 'reopen') await opened.reopen();
      }
      await opened.store.settle(NOON + after + MINUTE, WAIT, FOREVER);
      // Stretches of an hour are forgotten whole.
      const before = forgotten === null ? 0 : NOON + Math.floor(forgotten / 60) * HOUR;
      if (forgotten !== null) await opened.store.forget(NOON + forgotten * MINUTE);
      const flights = all.filter(({ start }) => start >= before);
      expect(await opened.store.check()).toEqual([]);

      const edges = all.flatMap(({ start, end }) => [start - 1, start, start + MINUTE, end - 1, end]);
      for (const at of [...edges, ...moments.map((millis) => NOON + millis * MILLI)].filter(Number.isFinite)) {
        const { feed } = await opened.store.picture(at);
        const shown = feed.exchanges.map(([, , , , outcome, sent, received, , , took]) => [
          sent ?? (received ?? 0) - REQUEST_LAST,
          outcome === null ? null : took,
        ]);
        const expected = flights.filter(({ start, end }) => start <= at && end > at);
        expect([at, ...shown.sort(byStart)]).toEqual([
          at,
          ...expected.map(({ start, end }) => [start, Number.isFinite(end) ? end - start : null]).sort(byStart),
        ]);
        const seconds = (time: number): number => Math.floor(time / SECOND) - Math.floor(at / SECOND);
        const counted = flights.filter(({ start, end }) => {
          return Number.isFinite(end) && seconds(start) >= -60 && seconds(start) <= 0;
        });
        expect(feed.cells.reduce((sum, cell) => sum + cell[3], 0)).toBe(counted.length);
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

const REQUEST_LAST = 10;
const byStart = (a: readonly (number | null)[], b: readonly (number | null)[]): number =>
  (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);

/** The rows that the two processes would send, and from when to when each call was in flight. */
function play(given: typeof calls extends fc.Arbitrary<infer Given> ? Given : never) {
  const bank = createReporter({ name: 'bank', port: 4611 });
  const shop = createReporter({ name: 'shop' });
  type Row = ReturnType<Reporter['called']>;
  const rows: (readonly [Reporter, Row])[] = [];
  const flights: { readonly start: number; readonly end: number }[] = [];
  for (const [index, { at, took, isOpened, lost, isFault }] of given.entries()) {
    const told = (reporter: Reporter, role: 'called' | 'served', start: number): void => {
      const connection = loopback(5_000 + index, 4611);
      const call = { ...CALL, ...(role === 'called' ? { address: 'localhost:4611' } : {}) };
      const common = { start, call, connection, ordinal: 0, requestLast: REQUEST_LAST } as const;
      const open = { ...common, part: 'open', end: null, outcome: null, replyFirst: null, replyLast: null } as const;
      const ended = {
        ...common,
        end: took,
        outcome: isFault ? 'fault' : 'ok',
        replyFirst: took,
        replyLast: took,
      } as const;
      const first = reporter[role](isOpened || took === null ? open : ended);
      rows.push([reporter, first]);
      if (isOpened && took !== null)
        rows.push([reporter, reporter[role]({ ...ended, part: 'close', exchangeNo: first.exchangeNo })]);
    };
    if (lost !== 'client') told(shop, 'called', at);
    if (lost !== 'server') told(bank, 'served', at + SERVED_AFTER);
    const start = lost === 'client' ? at + SERVED_AFTER : at;
    flights.push({ start, end: took === null ? Number.POSITIVE_INFINITY : start + took });
  }
  return { rows, flights, bank };
}
