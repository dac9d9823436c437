import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const block = (selector: string): ReadonlyMap<string, string> => {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map(
    [...body.matchAll(/(--[a-z0-9-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? '', found[2] ?? '']),
  );
};

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe.each([
  ['light', ':root'],
  ['dark', ':root[data-theme="dark"]'],
  ['high contrast', ':root[data-theme="contrast"]'],
])('the %s theme', (_name, selector) => {
  const tokens = block(selector);
  const colour = (name: string): string => {
    const value = tokens.get(`--${name}`);
    if (value === undefined) throw new Error(`${selector} has no colour --${name}`);
    return value;
  };
  const texts = ['text', 'text-2', 'accent', 'up', 'degraded', 'down', 'unknown', 'maintenance'];

  it.each(texts)('has %s that can be read on every surface', (text) => {
    for (const ground of ['ground', 'surface', 'surface-2', 'accent-ground'])
      expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
  it('has marks and borders of controls that can be seen', () => {
    for (const mark of ['control', 'bar-bad'])
      expect(contrast(colour(mark), colour('surface')), mark).toBeGreaterThanOrEqual(3);
    expect(contrast(colour('bar-bad'), colour('bar'))).toBeGreaterThanOrEqual(1.5);
  });
  it('has trouble that can be read on its own ground', () => {
    expect(contrast(colour('down'), colour('down-ground'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
    for (const text of ['text', 'text-2'])
      expect(contrast(colour(text), colour('down-ground')), text).toBeGreaterThanOrEqual(4.5);
  });
});
