import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openViewer, root, sceneNodes, startEstate } from '@soa-monitor/end-to-end';
import { atMost, print } from '../figure.ts';

/**
 * From the command to the map with the three services on it, in a browser: with everything installed, and on a fresh clone
 * of what is committed (which installs and compiles: minutes; left out with SOA_MONITOR_BENCH_CLONE=0).
 */
export async function benchStart(): Promise<void> {
  await secondsToMap(root); // Warms the page cache, as any start but the first one of a day is.
  print(atMost('live', 'npm start to the map, all installed', await secondsToMap(root), 's', 5));
  if (process.env.SOA_MONITOR_BENCH_CLONE === '0') return;
  const folder = await mkdtemp(join(tmpdir(), 'soa-monitor-clone-'));
  execFileSync('git', ['clone', '--quiet', root, join(folder, 'clone')]);
  print(atMost('live', 'npm start to the map, fresh clone', await secondsToMap(join(folder, 'clone')), 's', 180));
  await rm(folder, { recursive: true, force: true });
}

async function secondsToMap(checkout: string): Promise<number> {
  // The user's browser is there already; what is measured is ours.
  const viewer = await openViewer('about:blank');
  const began = performance.now();
  const estate = await startEstate({ rate: 10, checkout });
  await viewer.page.goto(estate.url);
  try {
    for (;;) {
      const names = (await sceneNodes(viewer.page)).map((node) => `${node.name} ${node.belongsTo}`).join(' ');
      if (['bank', 'airline-a', 'airline-b'].every((name) => names.includes(name))) break;
      await viewer.page.waitForTimeout(20);
    }
    return (performance.now() - began) / 1_000;
  } finally {
    await viewer.close();
    await estate.close();
  }
}
