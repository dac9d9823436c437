/** Draws when there is something to draw, and rests when there is not. */
export interface FrameLoop {
  /** Something changed: a frame is wanted, or one within so many ms that comes anyway will do. */
  wake(withinMillis?: number): void;
}

/** What a frame leaves to be done: another at once, another in a while, or none. */
export type Next =
  | { readonly kind: 'now' }
  | { readonly kind: 'in'; readonly millis: number }
  | { readonly kind: 'rest' };

export interface FrameStats {
  readonly perSecond: number;
  readonly costMillis: number;
}

/** Calls `frame` with the time since the last one (ms; a rest counts as one frame of 60 Hz). */
export function createFrameLoop(frame: (elapsedMillis: number) => Next, told: (stats: FrameStats) => void): FrameLoop {
  let isAsked = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let dueAt = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let lastAt: number | null = null;
  let secondBegan = performance.now();
  let frames = 0;

  function run(at: number): void {
    isAsked = false;
    clearTimeout(resting);
    const began = performance.now();
    const next = frame(lastAt === null ? FRAME_MILLIS : Math.min(LONG_FRAME_MILLIS, at - lastAt));
    lastAt = next.kind === 'now' ? at : null;
    count(began);
    if (next.kind === 'now') ask();
    else if (next.kind === 'in') later(next.millis);
    resting = setTimeout(rest, REST_TOLD_MILLIS);
  }

  function rest(): void {
    told({ perSecond: 0, costMillis: 0 });
    secondBegan = performance.now();
    frames = 0;
  }

  function ask(): void {
    if (isAsked) return;
    isAsked = true;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    requestAnimationFrame(run);
  }

  function later(millis: number): void {
    if (timer !== null) clearTimeout(timer);
    const bounded = Math.min(millis, TIMER_MILLIS_MAX);
    dueAt = performance.now() + bounded;
    timer = setTimeout(ask, bounded);
  }

  function wake(withinMillis = 0): void {
    const isComing = timer !== null && dueAt - performance.now() <= withinMillis;
    if (withinMillis === 0 || !isComing) ask();
  }

  function count(began: number): void {
    const now = performance.now();
    frames++;
    if (now - secondBegan < 1_000) return;
    told({ perSecond: Math.round((frames * 1_000) / (now - secondBegan)), costMillis: now - began });
    secondBegan = now;
    frames = 0;
  }

  return { wake };
}

/** No frame for so long: none a second. */
const REST_TOLD_MILLIS = 1_500;
const FRAME_MILLIS = 16.7;
const LONG_FRAME_MILLIS = 100;
const TIMER_MILLIS_MAX = 60_000;
