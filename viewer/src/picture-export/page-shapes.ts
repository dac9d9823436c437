import type { NodeKind } from '@soa-monitor/protocol';
import type { Palette } from '../scene/palette.ts';
import { type MapToDraw, mapShapes } from './map-shapes.ts';
import { nodeShapes } from './node-shapes.ts';
import { circleAt, polygonAt, type Shape } from './shapes.ts';

/** What stands on a picture beside the map, so that it explains itself: what of, when, and what was left out. */
export interface Caption {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Picture {
  readonly shapes: readonly Shape[];
  readonly width: number;
  readonly height: number;
}

/** The whole map, whatever part of it is in the window, with caption and legend. */
export function pictureOf(map: MapToDraw, caption: Caption, palette: Palette): Picture {
  const places = map.nodes.flatMap(({ node }) => map.placeOf(node.id) ?? []);
  const { left, top, right, bottom } = boundsOf(places);
  const width = Math.max(WIDTH_MIN, right - left + MARGIN * 2);
  const head = 40 + caption.lines.length * 20;
  const indent = (width - (right - left)) / 2;
  const placeOf = (node: string) => {
    const place = map.placeOf(node);
    return place === undefined ? undefined : { x: place.x - left + indent, y: place.y - top + head + MARGIN };
  };
  const mapBottom = head + bottom - top + MARGIN * 2;
  return {
    width,
    height: mapBottom + LEGEND_HEIGHT,
    shapes: [
      ...captionShapes(caption, palette),
      ...mapShapes({ ...map, placeOf }, palette).shapes,
      ...legendShapes(mapBottom, palette),
    ],
  };
}

/** An empty map is a point. */
function boundsOf(places: readonly { readonly x: number; readonly y: number }[]) {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  if (places.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

const MARGIN = 96;
const WIDTH_MIN = 760;
const LEGEND_HEIGHT = 96;

const captionShapes = ({ title, lines }: Caption, palette: Palette): readonly Shape[] => [
  { kind: 'text', x: 24, y: 36, text: title, fill: palette.text, size: 18, weight: 600 },
  ...lines.map(
    (text, index): Shape => ({ kind: 'text', x: 24, y: 60 + index * 20, text, fill: palette.textQuiet, size: 12 }),
  ),
];

const KINDS: readonly { readonly kind: NodeKind; readonly word: string }[] = [
  { kind: 'machine', word: 'machine' },
  { kind: 'server', word: 'server' },
  { kind: 'endpoint', word: 'endpoint' },
  { kind: 'client', word: 'client' },
  { kind: 'outside', word: 'outside world' },
];
const STATES = ['up', 'suspect', 'degraded', 'down', 'unknown', 'blind', 'maintenance'] as const;

function legendShapes(top: number, palette: Palette): readonly Shape[] {
  const text = (x: number, y: number, words: string): Shape => ({
    kind: 'text',
    ...{ x, y: y + 4, text: words, fill: palette.textQuiet, size: 11 },
  });
  const kinds = KINDS.flatMap(({ kind, word }, index): readonly Shape[] => {
    const x = 36 + index * 100;
    return [...nodeShapes({ kind, state: null, x, y: top + 16, radius: 9 }, palette), text(x + 16, top + 16, word)];
  });
  const states = STATES.flatMap((state, index): readonly Shape[] => {
    const x = 36 + index * 100;
    const mark = { kind: 'endpoint', state, x, y: top + 44, radius: 9 } as const;
    return [...nodeShapes(mark, palette), text(x + 16, top + 44, state)];
  });
  const y = top + 72;
  return [
    ...kinds,
    ...states,
    { kind: 'path', d: circleAt(36, y, 5), fill: palette.request },
    text(52, y, 'request'),
    { kind: 'path', d: circleAt(136, y, 4), fill: palette.reply },
    text(152, y, 'reply'),
    { kind: 'path', d: polygonAt(diamondAt(236, y, 6)), fill: palette.fault },
    text(252, y, 'fault'),
    { kind: 'path', d: `M330 ${y}h32`, stroke: palette.fault, width: 2, dash: [7, 5] },
    text(372, y, 'broken: its service is down, or most calls fail'),
  ];
}

export const diamondAt = (x: number, y: number, size: number) => [
  { x, y: y - size },
  { x: x + size, y },
  { x, y: y + size },
  { x: x - size, y },
];
