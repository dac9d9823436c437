import type { FrameTime } from './messages.ts';

/** What frames cost, for the bench: off until it is asked for, and bounded. */
export interface FrameTimes {
  record(enable: boolean): void;
  /** Times a frame if it is asked to. */
  of<Result>(frame: () => Result): Result;
  /** Those since it was read last. */
  read(): readonly FrameTime[];
}

export const FRAME_TIMES_MAX = 20_000;

export function createFrameTimes(): FrameTimes {
  let isRecording = false;
  let frames: FrameTime[] = [];
  let began = 0;
  let before: number | null = null;
  // The browser paints what a frame wrote down before it takes up the next task: that task's begin is the frame's end.
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    if (frames.length < FRAME_TIMES_MAX) {
      frames.push({ sinceLast: before === null ? 0 : began - before, held: performance.now() - began });
    }
    before = began;
  };
  return {
    record(enable) {
      isRecording = enable;
      before = null;
    },
    of(frame) {
      if (!isRecording) return frame();
      began = performance.now();
      const result = frame();
      painted.port2.postMessage(null);
      return result;
    },
    read() {
      const read = frames;
      frames = [];
      return read;
    },
  };
}
