import type { Topology } from '@soa-monitor/protocol';
import type { Page } from 'playwright-core';
import { ask } from './counts.ts';
import { sceneShown } from './scene-probe.ts';

interface Counted {
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
}

/** The minute before the moment shown, as the map counts it and as the store does. */
export async function shownAndStored(
  page: Page,
  monitor: string,
): Promise<{ readonly shown: Counted; readonly stored: Counted }> {
  const { playhead, count, faults, errors } = await sceneShown(page);
  const to = Math.floor(playhead / SECOND) * SECOND;
  const { links } = await ask<Topology>(monitor, `topology?from=${to - 60 * SECOND}&to=${to}`);
  const sum = (part: keyof Counted) => links.reduce((total, link) => total + link[part], 0);
  return {
    shown: { count, faults, errors },
    stored: { count: sum('count'), faults: sum('faults'), errors: sum('errors') },
  };
}

const SECOND = 1_000_000;
