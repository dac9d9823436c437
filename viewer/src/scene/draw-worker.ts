import { listenTo } from './drawing-port.ts';
import type { FromDraw, ToDraw } from './messages.ts';

/** Owns the canvas. Messages of the page come here, positions by a port from the layout worker. */
const obey = listenTo({
  tell: (told: FromDraw) => self.postMessage(told),
  newCanvas: () => new OffscreenCanvas(1, 1),
  fonts: self.fonts,
});

self.addEventListener('message', (event: MessageEvent<ToDraw>) => obey(event.data));
