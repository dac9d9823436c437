import type { Counts } from '../model/picture.ts';
import type { FrameStats } from '../scene/frame-loop.ts';
import type { DotSeen, FirstFrame, NodeSeen } from '../scene/messages.ts';
import type { Scene } from '../scene/scene.ts';
import type { SessionSnapshot } from './session.ts';

/** For tests and the bench: what the map shows, asked of the worker that draws it. Costs nothing until it is asked. */
export interface SceneProbe {
  /** Where an exchange's dot is, CSS pixels in the canvas; its request's while both are to be seen. */
  dotAt(exchangeId: string): Promise<DotSeen | null>;
  nodes(): Promise<readonly NodeSeen[]>;
  /** Begins (or ends) to write down the first frame of each message; gives what was written so far. */
  firstFrames(enable: boolean): Promise<readonly FirstFrame[]>;
  counts(): Counts;
  /** What the picture says: its moment, and the figures of the minute before it. */
  shown(): Shown;
  /** Frames of the drawing worker in its last second, and what the last one cost. */
  frames(): FrameStats;
}

export interface Shown {
  readonly mode: SessionSnapshot['mode']['kind'];
  readonly playhead: number;
  /** Share of a replay that is there. */
  readonly loaded: number;
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
}

export const shownBy = ({ mode, playhead, totals: { count, faults, errors } }: SessionSnapshot): Shown => ({
  mode: mode.kind,
  playhead: Math.round(playhead),
  loaded: mode.kind === 'replay' ? mode.loaded : 1,
  count,
  faults,
  errors,
});

declare global {
  var soaMonitorScene: SceneProbe | undefined;
}

export interface ProbeParts {
  readonly scene: Scene;
  readonly counts: () => Counts;
  readonly shown: () => Shown;
  readonly frames: () => FrameStats;
  readonly clockOffset: () => number;
}

export function showProbe({ scene, counts, shown, frames, clockOffset }: ProbeParts): () => void {
  let isRecording = false;
  const probe: SceneProbe = {
    async dotAt(exchange) {
      const answer = await scene.ask({ kind: 'dot', exchange });
      return answer?.kind === 'dot' ? answer.dot : null;
    },
    async nodes() {
      const answer = await scene.ask({ kind: 'nodes' });
      return answer?.kind === 'nodes' ? answer.nodes : [];
    },
    async firstFrames(enable) {
      const answer = await scene.ask({ kind: 'firstFrames' });
      if (enable !== isRecording) scene.firstFrames(enable, clockOffset());
      isRecording = enable;
      return answer?.kind === 'firstFrames' ? answer.frames : [];
    },
    counts,
    shown,
    frames,
  };
  globalThis.soaMonitorScene = probe;
  return () => {
    if (globalThis.soaMonitorScene === probe) globalThis.soaMonitorScene = undefined;
  };
}
