import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';

/** Asks a fresh worker, so that no engine finds another's garbage or compiled code. */
function ask(question: LayoutQuestion): Promise<LayoutAnswer> {
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<LayoutAnswer>) => {
      worker.terminate();
      resolve(event.data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(question);
  });
}

Object.assign(globalThis, { askLayout: ask });
