import type { NodeKind } from '@soa-monitor/protocol';
import type { KnownState } from './palette.ts';

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** The outline that says what a thing is: machine rounded square, server hexagon, endpoint circle, client triangle. */
export function traceShape(context: Context, kind: NodeKind, x: number, y: number, radius: number): void {
  context.beginPath();
  switch (kind) {
    case 'machine': {
      const half = radius * 0.9;
      context.roundRect(x - half, y - half, half * 2, half * 2, radius * 0.3);
      return;
    }
    case 'server':
      polygon(context, x, y, radius * 1.06, 6, 0);
      return;
    case 'client':
      polygon(context, x, y + radius * 0.12, radius * 1.12, 3, -Math.PI / 2);
      return;
    case 'endpoint':
    case 'outside':
      context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function polygon(context: Context, x: number, y: number, radius: number, corners: number, turn: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i / corners) * 2 * Math.PI;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}

/** The sign of a state, inside its mark, `size` from its middle to its edge: a second channel besides colour. */
export function strokeGlyph(context: Context, state: KnownState, x: number, y: number, size: number): void {
  context.beginPath();
  switch (state) {
    case 'up':
      context.moveTo(x - size * 0.8, y + size * 0.05);
      context.lineTo(x - size * 0.2, y + size * 0.65);
      context.lineTo(x + size * 0.85, y - size * 0.6);
      break;
    case 'down':
      context.moveTo(x - size * 0.7, y - size * 0.7);
      context.lineTo(x + size * 0.7, y + size * 0.7);
      context.moveTo(x + size * 0.7, y - size * 0.7);
      context.lineTo(x - size * 0.7, y + size * 0.7);
      break;
    case 'suspect':
    case 'degraded':
      context.moveTo(x, y - size * 0.9);
      context.lineTo(x, y + size * 0.2);
      context.moveTo(x, y + size * 0.8);
      context.lineTo(x, y + size * 0.84);
      break;
    case 'maintenance':
      context.moveTo(x - size * 0.4, y - size * 0.7);
      context.lineTo(x - size * 0.4, y + size * 0.7);
      context.moveTo(x + size * 0.4, y - size * 0.7);
      context.lineTo(x + size * 0.4, y + size * 0.7);
      break;
    case 'blind':
      for (const shift of [-0.75, 0, 0.75]) {
        context.moveTo(x + size * (shift - 0.5), y + size * 0.7);
        context.lineTo(x + size * (shift + 0.5), y - size * 0.7);
      }
      break;
    case 'unknown':
      context.arc(x, y - size * 0.35, size * 0.5, -Math.PI, Math.PI * 0.35);
      context.lineTo(x, y + size * 0.35);
      context.moveTo(x, y + size * 0.82);
      context.lineTo(x, y + size * 0.86);
  }
  context.stroke();
}
