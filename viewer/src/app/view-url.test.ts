import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAP_VIEW } from '../session/map-view.ts';
import { ARRANGEMENTS } from './map-address.ts';
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
  tableOf: 'node',
  tableSort: '',
  panelFolded: false,
  context: null,
  ...{ arrangement: MAP_VIEW.arrangement, forces: MAP_VIEW.forces, light: null },
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
      loops: from % 2 === 0,
    })),
  );
const ids = fc.stringMatching(/^[0-9a-z]{1,32}$/);
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
  // What nobody can see is not in the address: of a table that is closed, what it would list.
  ...{ tableOpen: fc.constant(true), tableOf: fc.constantFrom('node', 'link'), panelFolded: fc.boolean() },
  tableSort: fc.constantFrom('', 'name', '-p95', 'failed'),
  context: fc.option(fc.tuple(fc.nat(), fc.nat()).map(([from, length]) => ({ from, to: from + length + 1 }))),
  arrangement: fc.constantFrom(...ARRANGEMENTS),
  forces: fc.record({
    charge: fc.integer({ min: -8_000, max: 0 }),
    linkLength: fc.integer({ min: 80, max: 600 }),
    gravity: fc.double({ min: 0, max: 4, noNaN: true }).map(Math.abs),
  }),
  light: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constant('hops'), from: ids, hops: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant('path'), from: ids, to: ids }),
    ),
  ),
  wall: fc.boolean(),
});

describe('the address of a view', () => {
  it('gives every view back as it was', () => {
    fc.assert(
      fc.property(views, (view) => {
        const context = view.replay === null ? null : view.context;
        expect(parseViewAddress(formatViewAddress(view))).toEqual({ ...view, context });
      }),
    );
  });
  it('is empty for the live map as it begins', () => {
    expect(formatViewAddress(plain)).toBe('');
  });
  it('takes what makes no sense as not said', () => {
    expect(parseViewAddress('?level=galaxy&theme=pink&minutes=7&node=&from=9&to=3&speed=1e9')).toEqual(plain);
    expect(
      parseViewAddress('?from=-1&to=99999999999999999999&layout=round&forces=1,2&light=hops,a,99&around=9,3&sort=<b>'),
    ).toEqual(plain);
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseViewAddress(text);
      }),
    );
  });
  it('keeps a playhead inside its window', () => {
    expect(parseViewAddress('?from=100&to=200&at=900').replay).toEqual({
      ...{ from: 100, to: 200, at: 200, speed: 1, loops: false },
    });
  });
  it('makes a step of another selection, level or window, but not of time passing', () => {
    const replay = { from: 1, to: 9, at: 2, speed: 1, loops: false };
    expect(isStep(plain, { ...plain, selection: { kind: 'node', id: 'a' } })).toBe(true);
    expect(isStep(plain, { ...plain, replay })).toBe(true);
    expect(isStep({ ...plain, replay }, { ...plain, replay: { ...replay, at: 5, speed: 10 } })).toBe(false);
    expect(isStep(plain, { ...plain, theme: 'dark' })).toBe(false);
    expect(isStep(plain, { ...plain, light: { kind: 'hops', from: 'a', hops: 2 } })).toBe(true);
    expect(isStep(plain, { ...plain, arrangement: 'layered' })).toBe(true);
  });
});
