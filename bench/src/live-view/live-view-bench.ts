import { benchClicks } from './clicks.ts';
import { benchFirstPaint } from './first-paint.ts';
import { benchLateness } from './lateness.ts';
import { benchOpenTab } from './open-tab.ts';

/**
 * `npm run bench -- live-view`: the viewer as it is opened, watched, left open and gone back in. `minutes`: of the open tab;
 * `observations`: in the day that is clicked in.
 */
export async function liveViewBench(wish: { readonly minutes: number; readonly observations: number }): Promise<void> {
  await benchFirstPaint();
  await benchLateness();
  await benchClicks(wish.observations);
  await benchOpenTab(wish.minutes);
}
