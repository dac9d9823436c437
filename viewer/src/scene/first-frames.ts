import type { FirstFrame, SeenPart } from './messages.ts';

/** Writes down the frame that first showed each message. Off until it is asked for, and then bounded. */
export interface FirstFrames {
  enable(clockOffsetMicros: number): void;
  disable(): void;
  isEnabled(): boolean;
  see(exchange: string, part: SeenPart, localMicros: number): void;
  read(): readonly FirstFrame[];
}

export const FIRST_FRAMES_MAX = 200_000;

export function createFirstFrames(): FirstFrames {
  let offset: number | null = null;
  let seen: Record<SeenPart, Set<string>> = nothing();
  let frames: FirstFrame[] = [];
  return {
    enable(clockOffsetMicros) {
      offset = clockOffsetMicros;
      seen = nothing();
      frames = [];
    },
    disable() {
      offset = null;
    },
    isEnabled: () => offset !== null,
    see(exchange, part, localMicros) {
      if (offset === null || frames.length >= FIRST_FRAMES_MAX || seen[part].has(exchange)) return;
      seen[part].add(exchange);
      frames.push({ exchange, part, at: Math.round(localMicros + offset) });
    },
    read: () => frames,
  };
}

const nothing = (): Record<SeenPart, Set<string>> => ({
  request: new Set(),
  reply: new Set(),
  replyLeaves: new Set(),
});
