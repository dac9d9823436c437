import { createDrawing, type Drawing } from './drawing.ts';
import { loadLettering } from './fonts.ts';
import type { AnyCanvas } from './kept-picture.ts';
import type { FromDraw, LayoutToDraw, ToDraw } from './messages.ts';

export interface DrawingHost {
  readonly tell: (message: FromDraw) => void;
  readonly newCanvas: () => AnyCanvas;
  readonly fonts: FontFaceSet;
}

/** What messages are told to, wherever it runs: the canvas is the first of them, and nothing is drawn before it. */
export type ToDrawing =
  | Exclude<ToDraw, { kind: 'canvas' }>
  | { kind: 'canvas'; canvas: AnyCanvas; layout: MessagePort };

export function listenTo({ tell, newCanvas, fonts }: DrawingHost): (message: ToDrawing) => void {
  let drawing: Drawing | null = null;
  return (message) => {
    if (message.kind !== 'canvas') {
      drawing?.obey(message);
      return;
    }
    const { canvas, layout } = message;
    const created = createDrawing({
      canvas,
      newCanvas,
      tell,
      layout: (told) => layout.postMessage(told),
      now: localMicros,
    });
    layout.onmessage = (told: MessageEvent<LayoutToDraw>) => created.positions(told.data);
    drawing = created;
    // Without them the system's fonts stay: the map is drawn either way.
    loadLettering(fonts).then(created.letter, () => {});
  };
}

const localMicros = (): number => (performance.timeOrigin + performance.now()) * 1_000;
