import type { NodeKind } from '@soa-monitor/protocol';
import { type KnownState, knownState, type Palette } from '../scene/palette.ts';
import { at, circleAt, polygonAt, rectangleAt, type Shape } from './shapes.ts';

interface Mark {
  readonly kind: NodeKind;
  readonly state: string | null;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly alpha?: number;
}

/** A node's mark as the map has it: its outline says what it is, fill and sign its state. */
export function nodeShapes({ kind, state, x, y, radius, alpha = 1 }: Mark, palette: Palette): readonly Shape[] {
  const d = outlineAt(kind, x, y, radius);
  if (state === null) {
    const line = { kind: 'path', stroke: palette.stateless, width: 2, alpha } as const;
    // The outside world is a ring: two lines where an endpoint has one.
    const inner = kind === 'outside' ? [{ ...line, d: circleAt(x, y, radius * 0.55) }] : [];
    return [{ ...line, d, fill: palette.ground }, ...inner];
  }
  const known = knownState(state);
  const colour = palette.states[known];
  const isHollow = known === 'unknown' || known === 'blind';
  return [
    { kind: 'path', d, fill: isHollow ? palette.ground : colour, stroke: colour, width: 2, alpha },
    {
      kind: 'path',
      d: glyphAt(known, x, y, radius * 0.42),
      stroke: isHollow ? colour : palette.onMark,
      width: Math.max(1.5, radius * 0.14),
      alpha,
    },
  ];
}

function outlineAt(kind: NodeKind, x: number, y: number, radius: number): string {
  switch (kind) {
    case 'machine':
      return rectangleAt(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
    case 'server':
      return cornersAt(x, y, radius * 1.06, 6, 0);
    case 'client':
      return cornersAt(x, y + radius * 0.12, radius * 1.12, 3, -Math.PI / 2);
    default:
      return circleAt(x, y, radius);
  }
}

const cornersAt = (x: number, y: number, radius: number, corners: number, turn: number): string =>
  polygonAt(
    Array.from({ length: corners }, (_, index) => {
      const angle = turn + (index / corners) * 2 * Math.PI;
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
    }),
  );

/** The second channel of a state, beside its colour. */
function glyphAt(state: KnownState, x: number, y: number, size: number): string {
  const line = (...points: readonly (readonly [number, number])[]): string =>
    points.map(([dx, dy], index) => `${index === 0 ? 'M' : 'L'}${at(x + dx * size)} ${at(y + dy * size)}`).join('');
  switch (state) {
    case 'up':
      return line([-0.8, 0.05], [-0.2, 0.65], [0.85, -0.6]);
    case 'down':
      return line([-0.7, -0.7], [0.7, 0.7]) + line([0.7, -0.7], [-0.7, 0.7]);
    case 'suspect':
    case 'degraded':
      return line([0, -0.9], [0, 0.2]) + line([0, 0.7], [0, 0.9]);
    case 'maintenance':
      return line([-0.4, -0.7], [-0.4, 0.7]) + line([0.4, -0.7], [0.4, 0.7]);
    case 'blind':
      return [-0.75, 0, 0.75].map((shift) => line([shift - 0.5, 0.7], [shift + 0.5, -0.7])).join('');
    case 'unknown':
      return line([-0.5, -0.4], [0, -0.9], [0.5, -0.4], [0, 0.1], [0, 0.35]) + line([0, 0.75], [0, 0.9]);
  }
}
