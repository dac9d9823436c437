import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Readings } from './messages.ts';
import { packReadings, unpackReadings } from './pack-readings.ts';

const figure = fc.double({ noNaN: true });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const state = orNull(fc.constantFrom('up', 'down', 'a state of a newer server', ''));
const shade = fc.constantFrom('dimmed' as const, 'hidden' as const);
const change = fc.constantFrom('added' as const, 'gone' as const, 'changed' as const);
const readings: fc.Arbitrary<Readings> = fc.record({
  revision: fc.nat(),
  nodes: fc.array(
    fc.record(
      { state, perSecond: figure, inFlight: fc.nat(), absent: fc.boolean(), pinned: fc.boolean(), shade, change },
      { requiredKeys: ['state', 'perSecond', 'inFlight', 'absent', 'pinned'] },
    ),
  ),
  links: fc.array(
    fc.record(
      {
        perSecond: figure,
        p95Micros: orNull(figure),
        faultShare: orNull(figure),
        inFlight: fc.nat(),
        broken: fc.boolean(),
        absent: fc.boolean(),
        shade,
        change,
      },
      { requiredKeys: ['perSecond', 'p95Micros', 'faultShare', 'inFlight', 'broken', 'absent'] },
    ),
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
