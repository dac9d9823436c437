import { createDrawing, type Drawing } from './drawing.ts';
import { loadLettering } from './fonts.ts';
import type { FromDraw, LayoutToDraw, ToDraw } from './messages.ts';

/** Owns the canvas. Messages of the page come here, positions by a port from the layout worker. */
let drawing: Drawing | null = null;

const localMicros = (): number => (performance.timeOrigin + performance.now()) * 1_000;

self.addEventListener('message', (event: MessageEvent<ToDraw>) => {
  const message = event.data;
  if (message.kind !== 'canvas') {
    drawing?.obey(message);
    return;
  }
  const { canvas, layout } = message;
  const tell = (told: FromDraw): void => self.postMessage(told);
  const created = createDrawing({ canvas, tell, layout: (told) => layout.postMessage(told), now: localMicros });
  layout.onmessage = (told: MessageEvent<LayoutToDraw>) => created.positions(told.data);
  drawing = created;
  // Without them the system's fonts stay: the map is drawn either way.
  loadLettering(self.fonts).then(created.letter, () => {});
});
