import { benchLatency } from '../live/latency.ts';
import { benchClicks } from './clicks.ts';
import { benchFirstPaint } from './first-paint.ts';
import { benchOpenTab } from './open-tab.ts';

/** Some 500 messages a second, with what services call to answer. */
const CALLS_PER_SECOND = 155;

/**
 * `npm run bench -- live-view`: the viewer as it is opened, watched, left open and gone back in. `minutes`: of the open tab;
 * `observations`: in the day that is clicked in.
 */
export async function liveViewBench(wish: { readonly minutes: number; readonly observations: number }): Promise<void> {
  await benchFirstPaint();
  await benchLatency('live-view', CALLS_PER_SECOND);
  await benchClicks(wish.observations);
  await benchOpenTab(wish.minutes);
}
