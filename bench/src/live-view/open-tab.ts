import { framesPerSecond, openViewer, sceneNodes, sceneShown } from '@soa-monitor/end-to-end';
import { atMost, print } from '../figure.ts';
import { startMonitor } from '../store/measured/start-measured.ts';
import { browserUsage, shareOfCore } from './browser-usage.ts';
import { benchIdlePages } from './idle-pages.ts';
import { steadyLoad } from './steady-load.ts';

const BENCH = 'live-view';
/** With their callers these are some 200 nodes on the map; on a busy machine more: callers whose other half came late. */
const SERVICES = 190;
const MESSAGES_PER_SECOND = 50;
/** Until the map stands still, code is compiled, and a minute of traffic has filled what keeps a minute. */
const WARM_UP_MILLIS = 90_000;
const MINUTE_MILLIS = 60_000;

/** A tab that is left open and untouched while the map lives: what its heap grows by, and what it costs all the while. */
export async function benchOpenTab(minutes: number): Promise<void> {
  await benchIdlePages();
  const monitor = await startMonitor();
  const load = await steadyLoad(monitor.url, { services: SERVICES, messagesPerSecond: MESSAGES_PER_SECOND });
  const viewer = await openViewer(monitor.url);
  try {
    const { page } = viewer;
    const usage = await browserUsage(page);
    await page.waitForTimeout(WARM_UP_MILLIS);
    const nodes = (await sceneNodes(page)).length;
    const before = { heap: await usage.heapBytes(), cpu: await usage.cpu(), at: performance.now() };
    await page.waitForTimeout(minutes * MINUTE_MILLIS);
    const seconds = (performance.now() - before.at) / 1_000;
    const cpu = shareOfCore(before.cpu, await usage.cpu(), seconds);
    const frames = await framesPerSecond(page);
    const growth = ((await usage.heapBytes()) / before.heap - 1) * 100;
    const { count } = await sceneShown(page);
    const peer = `${nodes} nodes, ${((count * 2) / 60).toFixed(0)} messages/s, ${(before.heap / 1e6).toFixed(1)} MB at first`;
    print({ ...atMost(BENCH, `tab open for ${minutes} min: heap growth`, growth, '%', 10, 3), peer });
    print({
      ...atMost(BENCH, `tab open for ${minutes} min: CPU of all its processes`, cpu.all, '% of a core', 15, 10),
      peer: `${cpu.words}; ${frames} frames/s; ${peer}`,
    });
  } finally {
    await load.stop();
    await viewer.close();
    await monitor.stop();
  }
}
