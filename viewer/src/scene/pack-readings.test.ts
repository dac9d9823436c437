import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Readings } from './messages.ts';
import { packReadings, unpackReadings } from './pack-readings.ts';

const figure = fc.double({ noNaN: true });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const state = orNull(fc.constantFrom('up', 'down', 'a state of a newer server', ''));
/** With and without each, as the session tells them. */
const marks = fc.record(
  { shade: fc.constantFrom('dimmed', 'hidden'), change: fc.constantFrom('added', 'gone', 'changed') } as const,
  { requiredKeys: [] },
);
const readings: fc.Arbitrary<Readings> = fc.record({
  revision: fc.nat(),
  nodes: fc.array(
    fc
      .tuple(
        fc.record({ state, perSecond: figure, inFlight: fc.nat(), absent: fc.boolean(), pinned: fc.boolean() }),
        marks,
      )
      .map(([reading, marked]) => ({ ...reading, ...marked })),
  ),
  links: fc.array(
    fc
      .tuple(
        fc.record({
          perSecond: figure,
          p95Micros: orNull(figure),
          faultShare: orNull(figure),
          inFlight: fc.nat(),
          broken: fc.boolean(),
          absent: fc.boolean(),
        }),
        marks,
      )
      .map(([reading, marked]) => ({ ...reading, ...marked })),
  ),
  hulls: fc.array(state),
});

describe('packed readings', () => {
  it('say what was packed, unknown values and unknown states included', () => {
    fc.assert(
      fc.property(readings, (told) => {
        expect(unpackReadings(packReadings(told))).toEqual(told);
      }),
      { seed: 7 },
    );
  });
});
