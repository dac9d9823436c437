import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openViewer, type Viewer } from './browser.ts';
import { type Estate, type EstateSettings, startEstate } from './estate.ts';

export interface EstateInBrowser {
  readonly estate: Estate;
  readonly viewer: Viewer;
  readonly page: Page;
}

/** The sample estate with a browser on it, for the tests of one file: begun before the first of them, ended after the last. */
export function estateInBrowser(settings: EstateSettings): EstateInBrowser {
  let estate: Estate | undefined;
  let viewer: Viewer | undefined;
  beforeAll(async () => {
    estate = await startEstate(settings);
    viewer = await openViewer(estate.url);
  });
  afterAll(async () => {
    await viewer?.close();
    await estate?.close();
  });
  return {
    get estate() {
      return begun(estate);
    },
    get viewer() {
      return begun(viewer);
    },
    get page() {
      return begun(viewer).page;
    },
  };
}

function begun<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('the estate and its browser are begun before the first test, not before');
  return part;
}
