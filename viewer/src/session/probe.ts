import type { Counts } from '../model/picture.ts';
import type { FrameStats } from '../scene/frame-loop.ts';
import type { DotSeen, FirstFrame, NodeSeen } from '../scene/messages.ts';
import type { Scene } from '../scene/scene.ts';

/** For tests and the bench: what the map shows, asked of the worker that draws it. Costs nothing until it is asked. */
export interface SceneProbe {
  /** Where an exchange's dot is, CSS pixels in the canvas; its request's while both are to be seen. */
  dotAt(exchangeId: string): Promise<DotSeen | null>;
  nodes(): Promise<readonly NodeSeen[]>;
  /** Begins (or ends) to write down the first frame of each message; gives what was written so far. */
  firstFrames(enable: boolean): Promise<readonly FirstFrame[]>;
  counts(): Counts;
  /** Frames of the drawing worker in its last second, and what the last one cost. */
  frames(): FrameStats;
}

declare global {
  var soaMonitorScene: SceneProbe | undefined;
}

export interface ProbeParts {
  readonly scene: Scene;
  readonly counts: () => Counts;
  readonly frames: () => FrameStats;
  readonly clockOffset: () => number;
}

export function showProbe({ scene, counts, frames, clockOffset }: ProbeParts): () => void {
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
    frames,
  };
  globalThis.soaMonitorScene = probe;
  return () => {
    if (globalThis.soaMonitorScene === probe) globalThis.soaMonitorScene = undefined;
  };
}
