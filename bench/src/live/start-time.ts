import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import './scene-probe.ts';
import { atMost, print } from '../figure.ts';
import { freePorts, openBrowser, root, startProcess } from './processes.ts';

/** From the command to the map in a browser with the three services on it: all installed, and (with SOA_MONITOR_BENCH_CLONE=1) on a fresh clone. */
export async function benchStart(folder: string): Promise<void> {
  print(atMost('live', 'npm start to the map, all installed', await secondsToMap(root, folder), 's', 5));
  if (process.env.SOA_MONITOR_BENCH_CLONE === undefined) return;
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  print(atMost('live', 'npm start to the map, fresh clone', await secondsToMap(clone, join(folder, 'data')), 's', 180));
  await rm(clone, { recursive: true, force: true });
}

async function secondsToMap(checkout: string, data: string): Promise<number> {
  const [port = 0, ...services] = await freePorts(4);
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const began = performance.now();
  const estate = startProcess(
    join(checkout, 'scripts/start.mjs'),
    ['--port', `${port}`, '--data', data, '--ports', services.join(',')],
    checkout,
  );
  try {
    await estate.until(/Open http/);
    await page.goto(`http://localhost:${port}`);
    await page.waitForFunction(
      async () => {
        const nodes = (await globalThis.soaMonitorScene?.nodes()) ?? [];
        return ['bank', 'airline-a', 'airline-b'].every((name) => nodes.some((node) => node.name.includes(name)));
      },
      undefined,
      { polling: 20, timeout: 300_000 },
    );
    return (performance.now() - began) / 1_000;
  } finally {
    await browser.close();
    await estate.stop();
  }
}
