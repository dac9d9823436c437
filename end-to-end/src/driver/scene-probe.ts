import type { Page } from 'playwright-core';

/** What the viewer's page tells of its scene (`globalThis.soaMonitorScene`): where things are drawn, in CSS pixels. */
interface SceneProbe {
  nodes(): Promise<readonly SceneNode[]>;
  dotAt(exchange: string): Promise<{ part: 'request' | 'reply'; x: number; y: number } | null>;
  /** Begins to write down the frame that first showed each message (`replyLeaves`: the dot rule let it go); gives all so far. */
  firstFrames(enable: boolean): Promise<readonly FirstFrame[]>;
  shown(): SceneShown;
  frames(): { readonly perSecond: number };
}

export interface SceneNode {
  readonly id: string;
  readonly name: string;
  /** "bank on meridian-bank": what it stands in on the map. */
  readonly belongsTo: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly state: string | null;
}

export interface FirstFrame {
  readonly exchange: string;
  readonly part: 'request' | 'reply' | 'replyLeaves';
  /** Epoch µs by the server's clock. */
  readonly at: number;
}

/** What the picture says: its moment, and the figures of the minute before it. */
export interface SceneShown {
  readonly mode: string;
  readonly playhead: number;
  readonly loaded: number;
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
}

const NOTHING: SceneShown = { mode: 'loading', playhead: 0, loaded: 0, count: 0, faults: 0, errors: 0 };

export const sceneNodes = (page: Page): Promise<readonly SceneNode[]> =>
  page.evaluate(async () => {
    const scene: SceneProbe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    return (await scene?.nodes()) ?? [];
  });

export const sceneShown = (page: Page): Promise<SceneShown> =>
  page.evaluate((nothing) => {
    const scene: SceneProbe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    return scene?.shown() ?? nothing;
  }, NOTHING);

/** Frames of the drawing worker in its last second. */
export const framesPerSecond = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const scene: SceneProbe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    return scene?.frames().perSecond ?? 0;
  });

export const firstFrames = (page: Page): Promise<readonly FirstFrame[]> =>
  page.evaluate(async () => {
    const scene: SceneProbe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    return (await scene?.firstFrames(true)) ?? [];
  });

export interface DotSeen {
  readonly id: string;
  readonly first: { readonly x: number; readonly y: number };
  readonly later: { readonly x: number; readonly y: number };
}

/** Waits for a request whose dot has just come up, and looks twice at where it is. */
export function dotOnItsWay(page: Page): Promise<DotSeen> {
  return page.evaluate(async () => {
    const scene: SceneProbe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    if (scene === undefined) throw new Error('the page has no scene');
    await scene.firstFrames(true);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let tries = 0; tries < 2_000; tries++) {
      await frame();
      const shown = await scene.firstFrames(true);
      const newest = shown.filter((entry) => entry.part === 'request').at(-1)?.exchange;
      const first = newest === undefined ? null : await scene.dotAt(newest);
      if (newest === undefined || first === null || first.part !== 'request') continue;
      for (let more = 0; more < 60; more++) {
        await frame();
        const later = await scene.dotAt(newest);
        if (later === null || later.part !== 'request') break;
        if (Math.hypot(later.x - first.x, later.y - first.y) > 8) return { id: newest, first, later };
      }
    }
    throw new Error('no dot was seen on its way');
  });
}
