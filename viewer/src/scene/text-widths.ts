import type { MapContext } from './marked.ts';

/** Widths of texts, measured once: the same names and figures are lettered again and again. */
export interface TextWidths {
  of(context: MapContext, font: string, text: string): number;
}

/** Texts kept; then all are measured anew, which is seldom and cheap. */
const KEPT_MAX = 20_000;

export function createTextWidths(): TextWidths {
  const widths = new Map<string, number>();
  return {
    of(context, font, text) {
      const key = `${font} ${text}`;
      const known = widths.get(key);
      if (known !== undefined) return known;
      if (widths.size >= KEPT_MAX) widths.clear();
      context.font = font;
      const { width } = context.measureText(text);
      widths.set(key, width);
      return width;
    },
  };
}
