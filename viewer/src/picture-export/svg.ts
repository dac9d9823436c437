import type { Picture } from './page-shapes.ts';
import { at, MONO, SANS, type Shape } from './shapes.ts';

/** The picture as one SVG file that needs nothing else. Names come from strangers: they are text, never markup. */
export function svgOf({ shapes, width, height }: Picture, ground: string, title: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${at(width)}" height="${at(height)}" viewBox="0 0 ${at(width)} ${at(height)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    ...shapes.map(elementOf),
    '</svg>',
    '',
  ].join('\n');
}

function elementOf(shape: Shape): string {
  if (shape.kind === 'path') {
    const { d, fill, stroke, width, dash, alpha } = shape;
    return `<path${attributes({
      d,
      fill: fill ?? 'none',
      stroke,
      'stroke-width': width,
      'stroke-dasharray': dash?.join(' '),
      'stroke-linecap': stroke === undefined ? undefined : 'round',
      opacity: alpha === 1 ? undefined : alpha,
    })}/>`;
  }
  const { x, y, text, fill, size, weight, anchor, mono, alpha, halo } = shape;
  return `<text${attributes({
    x: at(x),
    y: at(y),
    fill,
    'font-family': mono === true ? MONO : SANS,
    'font-size': size,
    'font-weight': weight,
    'text-anchor': anchor,
    opacity: alpha,
    stroke: halo,
    'stroke-width': halo === undefined ? undefined : 4,
    'stroke-linejoin': halo === undefined ? undefined : 'round',
    'paint-order': halo === undefined ? undefined : 'stroke',
  })}>${escaped(text)}</text>`;
}

const attributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(String(value))}"`))
    .join('');

/** For XML, in text and in attributes; what XML cannot say at all is left out. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
