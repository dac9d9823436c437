import type { Page } from 'playwright-core';

/** What the viewer's page tells of its scene (`globalThis.soaMonitorScene`): where things are drawn, in CSS pixels. */
interface SceneProbe {
  nodes(): Promise<{ id: string; name: string; kind: string; x: number; y: number; state: string | null }[]>;
  dotAt(
    exchange: string,
  ): Promise<{ part: 'request' | 'reply'; x: number; y: number; t: number; phase: string } | null>;
  /** The frames that first showed a message since the last call; `replyLeaves`: the dot rule let it go. */
  firstFrames(enable: boolean): Promise<FirstFrame[]>;
  counts(): Promise<SceneCounts> | SceneCounts;
}

export interface FirstFrame {
  readonly id: string;
  readonly part: 'request' | 'reply' | 'replyLeaves';
  /** By the server's clock. */
  readonly micros: number;
}

export interface SceneCounts {
  readonly mode: string;
  readonly playhead: number;
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
}

declare global {
  var soaMonitorScene: SceneProbe;
}

export const sceneNodes = (page: Page) => page.evaluate(async () => (await globalThis.soaMonitorScene?.nodes()) ?? []);

export const sceneCounts = (page: Page): Promise<SceneCounts> =>
  page.evaluate(
    async () =>
      (await globalThis.soaMonitorScene?.counts()) ?? { mode: 'loading', playhead: 0, count: 0, faults: 0, errors: 0 },
  );

export const firstFrames = (page: Page): Promise<FirstFrame[]> =>
  page.evaluate(async () => (await globalThis.soaMonitorScene?.firstFrames(true)) ?? []);

export interface DotSeen {
  readonly id: string;
  readonly first: { readonly x: number; readonly y: number };
  readonly later: { readonly x: number; readonly y: number };
}

/** Waits for a request whose dot has just come up, and looks twice at where it is. */
export function dotOnItsWay(page: Page): Promise<DotSeen> {
  return page.evaluate(async () => {
    const scene = globalThis.soaMonitorScene;
    await scene.firstFrames(true);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let tries = 0; tries < 2_000; tries++) {
      await frame();
      const shown = await scene.firstFrames(true);
      const newest = shown.filter((entry) => entry.part === 'request').at(-1);
      const first = newest === undefined ? null : await scene.dotAt(newest.id);
      if (newest === undefined || first === null || first.part !== 'request') continue;
      for (let more = 0; more < 60; more++) {
        await frame();
        const later = await scene.dotAt(newest.id);
        if (later === null || later.part !== 'request') break;
        if (Math.hypot(later.x - first.x, later.y - first.y) > 8) return { id: newest.id, first, later };
      }
    }
    throw new Error('no dot was seen on its way');
  });
}
