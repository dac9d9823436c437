import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABELS_MAX, overlaps, placeLabels, tracksOf } from './labels.ts';
import type { LinkReading } from './messages.ts';
import { calmWords, linkWords, nodeWords } from './wording.ts';

const VIEW = { width: 800, height: 600 };
const NO_TRACKS = tracksOf([]);

describe('labels', () => {
  const wish = fc.record({
    what: fc.nat(),
    priority: fc.nat({ max: 9 }),
    width: fc.integer({ min: 20, max: 200 }),
    height: fc.constant(20),
    middles: fc.array(fc.record({ x: fc.nat({ max: 800 }), y: fc.nat({ max: 600 }) }), { minLength: 1, maxLength: 4 }),
  });
  it('never lie over one another, over an obstacle, or outside of the view', () => {
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 60 }), (wishes) => {
        const obstacle = { left: 300, top: 200, right: 400, bottom: 300 };
        const placed = placeLabels(wishes, [obstacle], NO_TRACKS, VIEW);
        for (const [i, one] of placed.entries()) {
          expect(overlaps(one, obstacle)).toBe(false);
          expect(one.left >= 0 && one.top >= 0 && one.right <= 800 && one.bottom <= 600).toBe(true);
          for (const other of placed.slice(i + 1)) expect(overlaps(one, other)).toBe(false);
        }
      }),
    );
  });
  const at = (what: string, priority: number, ...middles: readonly { x: number; y: number }[]) => ({
    what,
    priority,
    width: 100,
    height: 20,
    middles,
  });
  it('leave room to the more important', () => {
    const here = { x: 200, y: 200 };
    const placed = placeLabels([at('quiet', 1, here), at('failing', 9, here)], [], NO_TRACKS, VIEW);
    expect(placed.map((one) => one.what)).toEqual(['failing']);
  });
  it('step aside where they can, first for what they would hide', () => {
    const tracks = tracksOf([{ x: 200, y: 200 }]);
    const placed = placeLabels([at('name', 1, { x: 200, y: 200 }, { x: 200, y: 300 })], [], tracks, VIEW);
    expect(placed[0]?.top).toBe(290);
  });
  it('are never more than can be read', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      ...at('x', 1, { x: 20 + (i % 20) * 38, y: 10 + Math.floor(i / 20) * 28 }),
      width: 20,
    }));
    expect(placeLabels(many, [], NO_TRACKS, VIEW)).toHaveLength(LABELS_MAX);
  });
});

describe('words on the map', () => {
  const reading: LinkReading = {
    perSecond: 12.4,
    p95Micros: 38_000,
    faultShare: 0.021,
    inFlight: 3,
    broken: false,
    absent: false,
  };
  const text = (runs: readonly { readonly text: string }[] | null) =>
    runs
      ?.map((run) => run.text)
      .join('')
      .replaceAll(/[\u2009\u202f]/g, ' ');
  it('give rate, p95 and fault share of a link', () => {
    expect(text(linkWords(reading, false))).toBe('12.4 /s · p95 38 ms · 2.1 %');
    expect(text(linkWords(reading, true))).toBe('12.4 /s · p95 38 ms · 2.1 % · 3 in flight');
  });
  it('leave out what is not known', () => {
    expect(text(linkWords({ ...reading, p95Micros: null, faultShare: null }, false))).toBe('12.4 /s');
    expect(text(calmWords(reading, false))).toBe('12.4 /s');
    expect(linkWords({ ...reading, perSecond: 0, p95Micros: null, faultShare: null, inFlight: 0 }, true)).toBeNull();
  });
  it("give a node's state by its word, and its traffic", () => {
    const node = { state: 'down', perSecond: 3, inFlight: 0, absent: false, pinned: false };
    expect(text(nodeWords(node))).toBe('down · 3 /s');
    expect(text(nodeWords({ ...node, state: null, perSecond: 0 }))).toBe('');
    expect(text(nodeWords({ ...node, state: 'up', absent: true }))).toBe('up · not seen');
  });
});
