import { STATES } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { knownState, PALETTES } from './palette.ts';

/** WCAG 2.2 relative luminance and contrast. */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe.each(['light', 'dark', 'contrast'] as const)('the %s map', (theme) => {
  const palette = PALETTES[theme];
  it('gives every mark 3 : 1 against the ground', () => {
    const marks = [palette.link, palette.request, palette.reply, palette.fault, palette.accent, palette.stateless];
    for (const mark of [...marks, ...Object.values(palette.states)]) {
      expect(contrast(mark, palette.ground), mark).toBeGreaterThanOrEqual(3);
    }
  });
  it('gives every text 4.5 : 1 against the ground and its plate', () => {
    for (const text of [palette.text, palette.textQuiet, ...Object.values(palette.stateWords)]) {
      expect(contrast(text, palette.ground), text).toBeGreaterThanOrEqual(4.5);
      expect(contrast(text, palette.plate), text).toBeGreaterThanOrEqual(4.5);
    }
  });
  it('gives every sign 3 : 1 on its mark', () => {
    for (const state of STATES) {
      if (state === 'unknown' || state === 'blind') continue;
      expect(contrast(palette.onMark, palette.states[state]), state).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('states', () => {
  it('of a newer server are drawn as unknown', () => {
    expect(STATES.map(knownState)).toEqual([...STATES]);
    expect(knownState('quarantined')).toBe('unknown');
    expect(knownState('constructor')).toBe('unknown');
  });
});
