import type { FromDraw, ToDraw } from './messages.ts';

/** Who draws: a worker that owns the canvas, or this page itself where canvases cannot be handed over. */
export interface Drawer {
  /** `handed`: buffers that are the drawer's from now on. */
  postMessage(message: ToDraw, handed?: Transferable[]): void;
  terminate(): void;
}

export const canDrawAside = (): boolean =>
  typeof OffscreenCanvas !== 'undefined' &&
  typeof HTMLCanvasElement.prototype.transferControlToOffscreen === 'function';

export function drawAside(
  worker: Worker,
  canvas: HTMLCanvasElement,
  layout: MessagePort,
  hear: (message: FromDraw) => void,
): Drawer {
  worker.onmessage = (event: MessageEvent<FromDraw>) => hear(event.data);
  const offscreen = canvas.transferControlToOffscreen();
  worker.postMessage({ kind: 'canvas', canvas: offscreen, layout } satisfies ToDraw, [offscreen, layout]);
  return {
    postMessage: (message, handed = []) => worker.postMessage(message, handed),
    terminate: () => worker.terminate(),
  };
}

/** Messages wait in line until the drawing's code has come: it is loaded only where it is needed. */
export function drawHere(canvas: HTMLCanvasElement, layout: MessagePort, hear: (message: FromDraw) => void): Drawer {
  let isOver = false;
  const listening = import('./drawing-port.ts').then(({ listenTo }) => {
    const obey = listenTo({
      tell: (message) => {
        if (!isOver) hear(message);
      },
      newCanvas: () => document.createElement('canvas'),
      fonts: document.fonts,
    });
    obey({ kind: 'canvas', canvas, layout });
    return obey;
  });
  return {
    postMessage(message) {
      listening.then(
        (obey) => {
          if (!isOver) obey(message);
        },
        () => {},
      );
    },
    terminate() {
      isOver = true;
      layout.close();
    },
  };
}
