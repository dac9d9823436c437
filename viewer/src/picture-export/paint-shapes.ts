import { MONO, SANS, type Shape } from './shapes.ts';

/** The same shapes as in a file, on a canvas. */
export function paintShapes(context: CanvasRenderingContext2D, shapes: readonly Shape[]): void {
  for (const shape of shapes) {
    context.globalAlpha = shape.alpha ?? 1;
    if (shape.kind === 'path') {
      const path = new Path2D(shape.d);
      if (shape.fill !== undefined) {
        context.fillStyle = shape.fill;
        context.fill(path);
      }
      if (shape.stroke !== undefined) {
        context.strokeStyle = shape.stroke;
        context.lineWidth = shape.width ?? 1;
        context.setLineDash([...(shape.dash ?? [])]);
        context.stroke(path);
      }
      continue;
    }
    context.font = `${shape.weight ?? 400} ${shape.size}px ${shape.mono === true ? MONO : SANS}`;
    context.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
    context.lineJoin = 'round';
    if (shape.halo !== undefined) {
      context.setLineDash([]);
      context.strokeStyle = shape.halo;
      context.lineWidth = 4;
      context.strokeText(shape.text, shape.x, shape.y);
    }
    context.fillStyle = shape.fill;
    context.fillText(shape.text, shape.x, shape.y);
  }
  context.globalAlpha = 1;
}
