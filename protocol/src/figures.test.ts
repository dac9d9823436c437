import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFigures, type Counted, countExchange, faultShare, noFigures, shownFigures } from './figures.ts';
import { OUTCOMES } from './outcome.ts';

const counted = fc.record<Counted>({
  outcome: fc.constantFrom(...OUTCOMES),
  durationMicros: fc.nat(10_000_000),
  requestBytes: fc.nat(100_000),
  replyBytes: fc.nat(100_000),
});
const figuresOf = (exchanges: readonly Counted[]) => {
  const figures = noFigures();
  for (const exchange of exchanges) countExchange(figures, exchange, 1);
  return figures;
};

describe('figures', () => {
  it('count faults apart from errors, and neither ok nor one-way as a failure', () => {
    const figures = figuresOf(
      OUTCOMES.map((outcome) => ({ outcome, durationMicros: 1_000, requestBytes: 10, replyBytes: 20 })),
    );
    expect(shownFigures(figures)).toMatchObject({ count: 8, faults: 1, errors: 5, requestBytes: 80, replyBytes: 160 });
    expect(faultShare(figures)).toBe(6 / 8);
  });

  it('are unknown, not zero, when nothing was counted', () => {
    expect(shownFigures(noFigures())).toMatchObject({ count: 0, p50Micros: null, p95Micros: null, p99Micros: null });
    expect(faultShare(noFigures())).toBeNull();
  });

  it('come out the same however the exchanges are split, and taking out undoes counting in', () => {
    fc.assert(
      fc.property(fc.array(counted), fc.array(counted), (some, more) => {
        const sum = figuresOf(some);
        addFigures(sum, figuresOf(more));
        expect(shownFigures(sum)).toEqual(shownFigures(figuresOf([...some, ...more])));
        for (const exchange of more) countExchange(sum, exchange, -1);
        expect(shownFigures(sum)).toEqual(shownFigures(figuresOf(some)));
      }),
    );
  });
});
