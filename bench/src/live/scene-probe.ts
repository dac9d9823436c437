/** What the viewer's page tells of its scene to who measures it. */
interface SceneProbe {
  nodes(): Promise<readonly { readonly name: string }[]>;
  /** The frames that first showed a message since the last call; µs by the server's clock. */
  firstFrames(enable: boolean): Promise<readonly FirstFrame[]>;
}

interface FirstFrame {
  readonly id: string;
  readonly part: 'request' | 'reply' | 'replyLeaves';
  readonly micros: number;
}

declare global {
  var soaMonitorScene: SceneProbe;
}

export type { FirstFrame, SceneProbe };
