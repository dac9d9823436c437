import { io } from 'socket.io-client';
import type { LiveSocket } from '../feed/live-feed.ts';
import { createScene, type Scene, type SceneListener } from '../scene/scene.ts';
import { watchLastTouch } from './last-touch.ts';

/** What a session takes from the browser: tests give their own. */
export interface Surroundings {
  readonly connect: () => LiveSocket;
  readonly scene: (listener: SceneListener) => Scene;
  /** The page's wall clock, µs: timeOrigin + now, which does not jump when somebody sets the clock. */
  readonly now: () => number;
  readonly every: (millis: number, call: () => void) => () => void;
  readonly after: (millis: number, call: () => void) => () => void;
  /** How long no hand was at the page. */
  readonly untouchedMillis: () => number;
}

export const browserSurroundings = (): Surroundings => ({
  connect: () => {
    const socket = io('/live', {
      transports: ['websocket', 'polling'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
    });
    return {
      on: (event, listener) => void socket.on(event, listener),
      emit: (event, ...args) => void socket.emit(event, ...args),
      close: () => void socket.close(),
    };
  },
  scene: (listener) =>
    createScene(
      {
        drawWorker: () => new Worker(new URL('../scene/draw-worker.ts', import.meta.url), { type: 'module' }),
        layoutWorker: () => new Worker(new URL('../scene/layout-worker.ts', import.meta.url), { type: 'module' }),
      },
      listener,
    ),
  now: () => (performance.timeOrigin + performance.now()) * 1_000,
  every: (millis, call) => {
    const timer = setInterval(call, millis);
    return () => clearInterval(timer);
  },
  after: (millis, call) => {
    const timer = setTimeout(call, millis);
    return () => clearTimeout(timer);
  },
  untouchedMillis: watchLastTouch(globalThis),
});
