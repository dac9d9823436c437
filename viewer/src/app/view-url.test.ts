import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIDINGS, SPANS, THEME_CHOICES } from './view-choices.ts';
import { formatViewAddress, isStep, MAP_LEVELS, parseViewAddress, type ViewAddress } from './view-url.ts';

const plain: ViewAddress = {
  level: 'endpoint',
  selection: null,
  replay: null,
  spanMicros: SPANS[0].micros,
  theme: 'system',
  camera: null,
  find: '',
  hiding: 'dim',
  transaction: null,
  tableOpen: false,
  wall: false,
};

const replays = fc
  .tuple(
    fc.integer({ min: 1, max: 4e15 }),
    fc.integer({ min: 1, max: 1e12 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .chain(([from, length, share]) =>
    fc.constantFrom(-1, 0.1, 0.5, 1, 2, 5, 10, 50, 100, 1_000).map((speed) => ({
      from,
      to: from + length,
      at: from + Math.round(length * share),
      speed,
    })),
  );
const views: fc.Arbitrary<ViewAddress> = fc.record({
  level: fc.constantFrom(...MAP_LEVELS),
  selection: fc.option(
    fc.record({
      kind: fc.constantFrom('node', 'link', 'exchange'),
      id: fc.string({ minLength: 1, maxLength: 64 }).map((text) => text.toWellFormed()),
    }),
  ),
  replay: fc.option(replays),
  spanMicros: fc.constantFrom(...SPANS.map((span) => span.micros)),
  theme: fc.constantFrom(...THEME_CHOICES),
  camera: fc.option(
    fc.record({
      x: fc.integer({ min: -99_999, max: 99_999 }).map((tenths) => tenths / 10),
      y: fc.integer({ min: -99_999, max: 99_999 }).map((tenths) => tenths / 10),
      zoom: fc.integer({ min: 50, max: 6_000 }).map((thousandths) => thousandths / 1_000),
    }),
  ),
  find: fc.string({ maxLength: 500 }).map((text) => text.toWellFormed()),
  hiding: fc.constantFrom(...HIDINGS),
  transaction: fc.option(fc.string({ minLength: 1, maxLength: 64 }).map((text) => text.toWellFormed())),
  tableOpen: fc.boolean(),
  wall: fc.boolean(),
});

describe('the address of a view', () => {
  it('gives every view back as it was', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(parseViewAddress(formatViewAddress(view))).toEqual(view);
      }),
    );
  });
  it('is empty for the live map as it begins', () => {
    expect(formatViewAddress(plain)).toBe('');
  });
  it('takes what makes no sense as not said', () => {
    expect(parseViewAddress('?level=galaxy&theme=pink&minutes=7&node=&from=9&to=3&speed=1e9')).toEqual(plain);
    expect(parseViewAddress('?from=-1&to=99999999999999999999')).toEqual(plain);
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseViewAddress(text);
      }),
    );
  });
  it('keeps a playhead inside its window', () => {
    expect(parseViewAddress('?from=100&to=200&at=900').replay).toEqual({ from: 100, to: 200, at: 200, speed: 1 });
  });
  it('makes a step of another selection, level or window, but not of time passing', () => {
    const replay = { from: 1, to: 9, at: 2, speed: 1 };
    expect(isStep(plain, { ...plain, selection: { kind: 'node', id: 'a' } })).toBe(true);
    expect(isStep(plain, { ...plain, replay })).toBe(true);
    expect(isStep({ ...plain, replay }, { ...plain, replay: { ...replay, at: 5, speed: 10 } })).toBe(false);
    expect(isStep(plain, { ...plain, theme: 'dark' })).toBe(false);
  });
});
